import type { JwtFault, NetworkFault } from '@behalf/core/internal'
import { TokenError } from '../token-error.ts'

/** Says what the fault of a JWT means to API B; all but two are simply invalid, and `detail` keeps which. */
export function jwtError({ code, detail, cause }: JwtFault): TokenError {
  if (code === 'keys_unavailable') return keysUnavailable(cause?.detail, cause)
  if (code === 'expired') return new TokenError('token_expired')
  const name = code.replaceAll('_', ' ')
  return new TokenError('token_invalid', { detail: detail === undefined ? name : `${name}: ${detail}` })
}

/** The error of keys that are not there, which is no matter of time where the reason stays until somebody changes something. */
export function keysUnavailable(
  detail: string | undefined,
  { code, permanent }: Pick<NetworkFault, 'code' | 'permanent'> = {},
): TokenError {
  return new TokenError('keys_unavailable', {
    ...(detail === undefined ? {} : { detail }),
    retryable: !permanent,
    causeCode: code,
  })
}
