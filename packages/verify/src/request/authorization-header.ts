import { TokenError } from '../token-error.ts'

/** A token as a request presents it. */
export interface PresentedToken {
  readonly scheme: 'bearer' | 'dpop'
  readonly token: string
}

/**
 * Reads the token of the `Authorization` header. Tokens in the query or the body are not looked for.
 *
 * @param headers - all values of the header
 * @returns a {@link TokenError} `token_missing` when there is no token, or one of another scheme;
 * `token_invalid` when the header appears twice or is malformed
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function readAuthorization(headers: readonly string[]): PresentedToken | TokenError {
  const [header, ...others] = headers
  if (header === undefined) return new TokenError('token_missing')
  if (others.length > 0)
    return new TokenError('token_invalid', { detail: 'there is more than one Authorization header' })
  const [scheme = '', ...rest] = header.trim().split(/ +/)
  const kind = scheme.toLowerCase()
  const [token] = rest
  if ((kind !== 'bearer' && kind !== 'dpop') || token === undefined) return new TokenError('token_missing')
  if (rest.length > 1 || !/^[\w\-.~+/]+=*$/.test(token))
    return new TokenError('token_invalid', { detail: 'the Authorization header is malformed' })
  return { scheme: kind, token }
}
