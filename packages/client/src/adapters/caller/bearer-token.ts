import { readAuthorizationHeader } from '@behalf/core/internal'
import { ExchangeError } from '../../exchange/exchange-error.ts'

/**
 * The bearer token of API A's caller. It does not verify the token.
 *
 * @throws ExchangeError - `token_missing` when the header is absent, has another scheme or nothing after it;
 * `assertion_malformed` when what follows the scheme is no token
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function readBearerToken(authorization: string | undefined): string {
  const presented = readAuthorizationHeader(authorization ?? '', ['bearer'])
  if (presented.ok) return presented.value.token
  throw new ExchangeError(presented.fault === 'missing' ? 'token_missing' : 'assertion_malformed')
}
