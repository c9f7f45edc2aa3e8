import { ExchangeError } from '../../exchange/exchange-error.ts'

/**
 * The bearer token of API A's caller. It does not verify the token.
 *
 * @throws ExchangeError - `token_missing` when the header is absent or has another scheme; `assertion_malformed`
 * when the scheme is Bearer and what follows is no token
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function readBearerToken(authorization: string | undefined): string {
  const [, rest] = /^bearer(?: +(.*))?$/i.exec(authorization ?? '') ?? [undefined, null]
  if (rest === null) throw new ExchangeError('token_missing')
  if (rest === undefined || !/^[A-Za-z0-9\-._~+/]+=*$/.test(rest))
    throw new ExchangeError('assertion_malformed')
  return rest
}
