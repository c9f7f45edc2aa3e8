import type { ErrorCode } from './codes.ts'

/** A refusal as a value. It names the fault and never holds a token, a secret or a claim. */
export interface Denial {
  readonly code: ErrorCode
  /** What exactly was wrong, in words that are safe to log: names of members, limits, never values. */
  readonly detail?: string
}

/** What a step produced, or why it refused. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly denial: Denial }

/** The outcome of a step that went through. */
export function pass<T>(value: T): Outcome<T> {
  return { ok: true, value }
}

/**
 * The outcome of a step that refused.
 *
 * @param detail - safe to log: names of members and limits, never values
 */
export function deny(code: ErrorCode, detail?: string): Outcome<never> {
  return { ok: false, denial: detail === undefined ? { code } : { code, detail } }
}
