import { brand } from '@behalf/core/internal'
import type { CallerRefusal } from './caller-verifier.ts'

/**
 * The verifier refused API A's caller, so that nobody was asked for a delegated token. The adapter's `errorHandler`
 * answers it. Why it was refused is in `cause`, when the verifier says.
 */
export class CallerRefusedError extends Error {
  static {
    brand(CallerRefusedError, '@behalf/client CallerRefusedError')
  }

  override readonly name: string = 'CallerRefusedError'
  /** The HTTP status to answer with. */
  readonly status: number
  /** The headers to answer with: `www-authenticate`, where another token would help. */
  readonly headers: Readonly<Record<string, string>>

  constructor({ status, headers, error }: CallerRefusal) {
    super(`the verifier refused the caller with ${status}`, error === undefined ? {} : { cause: error })
    this.status = status
    this.headers = headers
  }
}
