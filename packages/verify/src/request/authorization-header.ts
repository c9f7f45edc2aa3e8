import { type PresentedToken, readAuthorizationHeader } from '@behalf/core/internal'
import { TokenError } from '../token-error.ts'

/** The schemes under which a token may be presented. */
export type TokenScheme = 'bearer' | 'dpop'

const schemes = ['bearer', 'dpop'] as const

/**
 * Reads the token of the `Authorization` header. Tokens in the query or the body are not looked for.
 *
 * @param headers - all values of the header
 * @returns a {@link TokenError} `token_missing` when there is no token, or one of another scheme;
 * `token_invalid` when the header appears twice or is malformed
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function readAuthorization(headers: readonly string[]): PresentedToken<TokenScheme> | TokenError {
  const [header, ...others] = headers
  if (header === undefined) return new TokenError('token_missing')
  if (others.length > 0)
    return new TokenError('token_invalid', { detail: 'there is more than one Authorization header' })
  const presented = readAuthorizationHeader(header.trim(), schemes)
  if (presented.ok) return presented.value
  return presented.fault === 'missing'
    ? new TokenError('token_missing')
    : new TokenError('token_invalid', { detail: 'the Authorization header is malformed' })
}
