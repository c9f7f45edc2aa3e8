import type { Client } from '../../client.ts'
import type { DelegatedAccessToken } from '../../exchange/delegated-access-token.ts'
import type { DelegatedFetch } from '../../fetch/delegated-fetch.ts'
import { readBearerToken } from './bearer-token.ts'

/** API A's caller at API B. */
export interface CallerDelegation {
  /** Calls API B for the caller; see {@link DelegatedFetch}. */
  readonly fetch: DelegatedFetch
  /** The delegated token, for other means than `fetch`; throws what `client.acquireToken` throws. */
  acquireToken(): Promise<DelegatedAccessToken>
}

/**
 * Takes the caller's bearer token as the assertion.
 *
 * @throws ExchangeError - `token_missing`, or `assertion_malformed` when it is no bearer token
 */
export function delegateCaller(
  client: Client,
  authorization: string | undefined,
  scopes: readonly string[],
): CallerDelegation {
  const assertion = readBearerToken(authorization)
  return {
    fetch: client.fetch(assertion, { scopes }),
    acquireToken: () => client.acquireToken({ assertion, scopes }),
  }
}
