import { BehalfError, type BehalfErrorOptions, type ErrorCode, type Needs } from '@behalf/core'
import { brand, readNeeds } from '@behalf/core/internal'

/** What an {@link ExchangeError} may carry besides its code. */
export interface ExchangeErrorOptions extends BehalfErrorOptions {
  /** Who refused; `client` by default. */
  readonly refusedBy?: ExchangeError['refusedBy']
  /** The HTTP status of the token endpoint. */
  readonly status?: number | undefined
  /** The OAuth error code of the token endpoint, when it is a registered one. */
  readonly oauthError?: string | undefined
  /** Okta's own error code, when it answered with one. */
  readonly oktaError?: string | undefined
  /** Okta's id of the token request. */
  readonly requestId?: string | undefined
  /** The hook's id of its decision, when it denied. */
  readonly decisionId?: string | undefined
  /** How long the token endpoint asks to be left alone. */
  readonly retryAfterSeconds?: number | undefined
  /** What the user's next token must bring; left out when any of it is unusable. */
  readonly needs?: Needs
}

/**
 * Why no delegated token was obtained: switch on `code`. It carries no token, secret, claim or URL, no text
 * of the token endpoint, and no `cause`.
 *
 * @example
 * ```ts
 * import { type Client, ExchangeError } from '@behalf/client'
 *
 * export async function isPermitted(client: Client, assertion: string): Promise<boolean> {
 *   try {
 *     await client.acquireToken({ assertion, scopes: ['orders:read'] })
 *     return true
 *   } catch (error) {
 *     if (error instanceof ExchangeError && error.code === 'policy_denied') return false
 *     throw error
 *   }
 * }
 * ```
 */
export class ExchangeError extends BehalfError {
  static {
    brand(ExchangeError, '@behalf/client ExchangeError')
  }

  override readonly name: string = 'ExchangeError'
  /**
   * Who refused: this SDK before or after the token request (`client`), the hook (`hook`), or the
   * authorization server and the way to it (`server`).
   */
  readonly refusedBy: 'client' | 'hook' | 'server'
  /** The HTTP status of the token endpoint; undefined when it gave none or was not asked. */
  readonly status: number | undefined
  /** The OAuth error code of the token endpoint (RFC 6749 §5.2); undefined when it gave no registered one. */
  readonly oauthError: string | undefined
  /** Okta's own error code, such as `E0000047` for a rate limit; undefined when it gave none. */
  readonly oktaError: string | undefined
  /** Okta's id of the token request (`x-okta-request-id`), which its System Log and the hook's record name. */
  readonly requestId: string | undefined
  /** The hook's id of the decision, which its record and Okta's System Log name; undefined unless it denied. */
  readonly decisionId: string | undefined
  /** How long the token endpoint asks to be left alone, in seconds; until then no call asks it. */
  readonly retryAfterSeconds: number | undefined
  /**
   * What the user's next access token must bring, when the hook denied with `step_up_required`; the adapters challenge
   * API A's caller with it. Checked to be nothing but names and a number.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9470
   */
  readonly needs: Needs | undefined

  constructor(code: ErrorCode, options: ExchangeErrorOptions = {}) {
    super(code, options)
    this.refusedBy = options.refusedBy ?? 'client'
    this.status = options.status
    this.oauthError = options.oauthError
    this.oktaError = options.oktaError
    this.requestId = options.requestId
    this.decisionId = options.decisionId
    this.retryAfterSeconds = options.retryAfterSeconds
    this.needs = readNeeds(options.needs)
  }
}
