import { fail, type Result } from '../result.ts'
import type { ErrorCode } from './error-code.ts'

/** A refusal as a value. It names the fault and never holds a token, a secret or a claim. */
export interface Denial {
  readonly code: ErrorCode
  /** What exactly was wrong, in words that are safe to log: names of members, limits, never values. */
  readonly detail?: string
}

/**
 * Denies: the result of what refused.
 *
 * @param detail - safe to log: names of members and limits, never values
 */
export function deny(code: ErrorCode, detail?: string): Result<never, Denial> {
  return fail(detail === undefined ? { code } : { code, detail })
}
