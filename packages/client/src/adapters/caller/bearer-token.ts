import { readAuthorizationHeader } from '@behalf/core/internal'
import { ExchangeError } from '../../exchange-error.ts'

/**
 * Reads the bearer token of API A's caller. It does not verify the token.
 *
 * @param values - all values of the header `Authorization`
 * @throws ExchangeError - `token_missing` when the header is absent, has another scheme or nothing after it;
 * `assertion_malformed` when what follows the scheme is no token, or the header is there twice
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function readBearerToken(values: readonly string[]): string {
  const [value = '', ...others] = values
  if (others.length > 0) throw new ExchangeError('assertion_malformed')
  const presented = readAuthorizationHeader(value, ['bearer'])
  if (presented.ok) return presented.value.token
  throw new ExchangeError(presented.fault === 'missing' ? 'token_missing' : 'assertion_malformed')
}
