import { brand } from './brand.ts'
import { type ErrorClass, errorTable } from './codes.ts'
import type { ErrorCode } from './error-code.ts'

/** What a {@link BehalfError} may carry besides its code. */
export interface BehalfErrorOptions {
  /** What exactly was wrong, safe to log: names of members and limits, never values. */
  readonly detail?: string
  /** Overrides the table when the circumstances decide, e.g. after a 503. */
  readonly retryable?: boolean
  /** The code of the network's own error behind it, such as `ENOTFOUND`. */
  readonly causeCode?: string | undefined
}

/**
 * What the SDKs throw: switch on `code`. It carries no token, secret or claim, and no `cause`, because the
 * errors of transports and parsers quote what they failed on. `instanceof` also holds across the two copies of a
 * package that an application may load, one with `import` and one with `require`.
 *
 * @example
 * ```ts
 * import { BehalfError } from '@behalf/core'
 *
 * const error = new BehalfError('token_expired')
 * error.message // 'token_expired: The access token has expired.'
 * ```
 */
export class BehalfError extends Error {
  static {
    brand(BehalfError, '@behalf/core BehalfError')
  }

  override readonly name: string = 'BehalfError'
  /** The stable code; the table in `docs/reference/errors.md` says who must act. */
  readonly code: ErrorCode
  /** The kind of fault. */
  readonly class: ErrorClass
  /** Whether the same call can succeed later without anybody changing anything. */
  readonly retryable: boolean
  /** What exactly was wrong, safe to log. */
  readonly detail: string | undefined
  /** The code of the network's own error behind it, such as `ENOTFOUND`; undefined when there is none. */
  readonly causeCode: string | undefined

  constructor(code: ErrorCode, options: BehalfErrorOptions = {}) {
    const { sentence, class: errorClass, retryable } = errorTable[code]
    super(`${code}: ${sentence}${options.detail === undefined ? '' : ` (${options.detail})`}`)
    this.code = code
    this.class = errorClass
    this.retryable = options.retryable ?? retryable
    this.detail = options.detail
    this.causeCode = options.causeCode
  }
}
