import type { JwtFault } from '@behalf/core/internal'
import { TokenError } from '../token-error.ts'

/** Says what the fault of a JWT means to API B; all but two are simply invalid, and `detail` keeps which. */
export function jwtError({ code, detail }: JwtFault): TokenError {
  if (code === 'keys_unavailable') return new TokenError('keys_unavailable')
  if (code === 'expired') return new TokenError('token_expired')
  const name = code.replaceAll('_', ' ')
  return new TokenError('token_invalid', { detail: detail === undefined ? name : `${name}: ${detail}` })
}
