import { createDpopBinding } from './authentication/dpop.ts'
import { createCacheKeys } from './cache/cache-key.ts'
import { SharedStore } from './cache/shared-store.ts'
import { TokenCache } from './cache/token-cache.ts'
import type { DelegatedAccessToken } from './delegated-access-token.ts'
import type { AssertionSource } from './exchange/assertion-source.ts'
import { createExchange } from './exchange/exchange.ts'
import { type CacheStatistics, TokenAcquisition, type TokenRequest } from './exchange/token-acquisition.ts'
import {
  createDelegatedFetch,
  type DelegatedFetch,
  type DelegatedFetchOptions,
} from './fetch/delegated-fetch.ts'
import type { ClientOptions } from './options/options.ts'
import { resolveOptions } from './options/settings.ts'
import { observeCache } from './telemetry/observe-cache.ts'

/** Obtains delegated tokens for one client of one authorization server. */
export interface Client {
  /** The client id: the actor of the tokens. */
  readonly clientId: string
  /** The scheme of the tokens: `DPoP` when they are bound to this client's key, and of no use to anybody else. */
  readonly tokenType: 'Bearer' | 'DPoP'
  /**
   * Exchanges the user's access token for a delegated token, from the cache if possible.
   *
   * It does not verify the assertion's signature (API A does that before anything else, and the hook again),
   * nor the delegated token's (it comes from the token endpoint; API B verifies it).
   *
   * @throws ExchangeError - before the request `assertion_malformed`, `assertion_too_large`,
   * `assertion_encrypted`, `assertion_subject_missing`, `assertion_subject_machine`, `assertion_expired`,
   * `assertion_audience_mismatch`, `seal_key_unavailable`; the code of the hook when it denied, e.g. `policy_denied`;
   * `token_undelegated` when Okta issued a plain token, because its hook did not answer; `token_invalid`,
   * `token_expired`, `actor_mismatch`, `subject_mismatch`, `actor_chain_too_deep` for another token than the
   * one asked for; `token_request_failed` when the token endpoint or the issuer's metadata could not be had, did
   * not answer in time, or answered neither with a token nor with a denial of the hook (`retryable`, `status` and
   * `oauthError` say more)
   * @throws TypeError - when `scopes` is no list of scope tokens (RFC 6749 §3.3), or `resource` no audience
   * @throws what a function throws that was to give the assertion
   * @throws the signal's reason - when the signal is aborted
   */
  acquireToken(request: TokenRequest): Promise<DelegatedAccessToken>
  /**
   * Makes a `fetch` that calls API B with a delegated token; see {@link DelegatedFetch}.
   *
   * @param assertion - the user's access token that API A was called with; API A has verified it. Or a function that
   * gives one, which is asked for each call, and once more when that has expired or ends too soon
   */
  fetch(assertion: AssertionSource, options: DelegatedFetchOptions): DelegatedFetch
  /**
   * Forgets all tokens that were made of an assertion, whatever their scopes and resource: when a user signs out, say. In
   * memory of this process at once, in the shared store for all instances. What other instances have in memory serves them
   * until its end, and API B accepts a token that somebody else has kept. The next call asks Okta anew.
   *
   * @param assertion - the user's access token that API A was called with
   * @returns false when the shared store did not take note, so that what lies there serves until its end; worth another
   * try after a second
   * @throws TypeError - when it is no text
   */
  forget(assertion: string): Promise<boolean>
  /** How the cache is doing. */
  statistics(): CacheStatistics
}

/**
 * Creates a client. Nothing is requested before the first token is; keep one client for the life of the
 * process, because the cache, the discovery and the DPoP nonces live in it.
 *
 * @example
 * ```ts
 * import { clientSecretBasic, createClient } from '@behalf/client'
 *
 * const client = createClient({
 *   issuer: 'https://example.okta.com/oauth2/behalf',
 *   clientId: '0oaApiA',
 *   auth: clientSecretBasic(process.env['CLIENT_SECRET']),
 *   resource: 'https://orders.example',
 *   expectedAudience: 'api://a',
 *   allowedOrigins: ['https://b.example'],
 * })
 *
 * export async function ordersOf(assertion: string): Promise<unknown> {
 *   const callB = client.fetch(assertion, { scopes: ['orders:read'] })
 *   return (await callB('https://b.example/orders')).json()
 * }
 * ```
 *
 * @throws TypeError - when options are missing, unknown or unusable; it names all of them
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export function createClient(options: ClientOptions): Client {
  const settings = resolveOptions(options)
  const { dpopKey, clock, store } = settings
  const dpop = dpopKey && createDpopBinding(dpopKey, clock)
  const shared = store && new SharedStore({ ...settings, store })
  const acquisition = new TokenAcquisition({
    settings,
    exchange: createExchange(settings, dpop),
    cache: new TokenCache({ ...settings, shared }),
    cacheKeys: createCacheKeys({ ...settings, dpopThumbprint: dpop?.thumbprint }),
  })
  observeCache(settings.telemetry, settings.clientId, () => acquisition.statistics())
  return {
    clientId: settings.clientId,
    tokenType: dpop === undefined ? 'Bearer' : 'DPoP',
    acquireToken: (request) => acquisition.acquire(request),
    fetch: (assertion, fetchOptions) =>
      createDelegatedFetch({ acquisition, settings, dpop, request: { ...fetchOptions, assertion } }),
    forget: (assertion) => acquisition.forgetAssertion(assertion),
    statistics: () => acquisition.statistics(),
  }
}
