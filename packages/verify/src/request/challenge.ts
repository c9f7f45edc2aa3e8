import { algorithms } from '@behalf/core/internal'
import type { DpopOptions } from '../dpop/possession.ts'
import type { TokenError } from '../token-error.ts'
import type { TokenScheme } from './authorization-header.ts'

/** What a challenge says besides the error. */
export interface ChallengeContext {
  /** The scheme that the request used, if any. */
  readonly scheme: TokenScheme | undefined
  readonly requiredScopes: readonly string[]
  readonly resourceMetadata: string | undefined
  readonly dpop: DpopOptions | undefined
}

/**
 * Returns the value of `WWW-Authenticate` for a refusal: the schemes, and for a token that was refused the `error`
 * and the scopes that it lacked; never why. Undefined when another token would not help.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 * @see https://www.rfc-editor.org/rfc/rfc9728#section-5.1
 */
export function buildChallenge(error: TokenError, context: ChallengeContext): string | undefined {
  if (error.status !== 401 && error.challengeError === undefined) return undefined
  const { scheme, requiredScopes, resourceMetadata, dpop } = context
  const shared = { resource_metadata: resourceMetadata }
  const fault = {
    error: error.challengeError,
    scope: error.code === 'insufficient_scope' ? requiredScopes.join(' ') : undefined,
  }
  const bearer = formatScheme('Bearer', { ...(scheme === 'dpop' ? {} : fault), ...shared })
  if (dpop === undefined) return bearer
  const algs = Object.keys(algorithms).join(' ')
  const bound = formatScheme('DPoP', {
    algs,
    ...(scheme === 'dpop' || dpop.required ? fault : {}),
    ...shared,
  })
  return dpop.required ? bound : `${bearer}, ${bound}`
}

/** Nothing that needs escaping gets here: options were checked, and the rest are constants. */
function formatScheme(name: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const written = Object.entries(parameters).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}="${value}"`],
  )
  return written.length === 0 ? name : `${name} ${written.join(', ')}`
}
