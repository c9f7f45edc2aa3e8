import { errorTable } from '@behalf/core'
import type { ExchangeError } from '../../exchange-error.ts'

/**
 * Why a tool could not act for its user. The SDK answers it as the tool's result, with `isError` and the message, which is
 * the public sentence of the code: an agent reads it, so it says nothing of a token, a claim, or how things are set up here.
 */
export class ToolError extends Error {
  override readonly name: string = 'ToolError'
  /** What happened, for code of the tool's own. */
  override readonly cause: ExchangeError

  constructor(cause: ExchangeError) {
    super(errorTable[cause.code].sentence)
    this.cause = cause
  }
}
