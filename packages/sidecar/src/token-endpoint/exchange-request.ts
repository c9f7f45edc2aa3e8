import type { Result } from '@behalf/core'
import { fail, isScopeToken, pass } from '@behalf/core/internal'
import type { Parameters } from '../http/form.ts'
import { type OAuthFault, refuse } from './oauth-fault.ts'

/** The grant type of the token endpoint, the only one. */
export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange'

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
const jwtType = 'urn:ietf:params:oauth:token-type:jwt'

/** What the tokens here are, whichever of the two they are called. */
export type TokenType = typeof accessTokenType | typeof jwtType

/** A token exchange request whose parameters make sense by themselves. */
export interface ExchangeRequest {
  readonly subjectToken: string
  readonly actorToken: string | undefined
  /** What the answer calls the token that is issued. */
  readonly issuedTokenType: TokenType
  /** The values of `resource` and `audience`, which are one name space. */
  readonly targets: readonly string[]
  /** Undefined when the caller names none. */
  readonly scopes: readonly string[] | undefined
}

/** What RFC 8693 lets a request say more than once. */
const repeatable: ReadonlySet<string> = new Set(['resource', 'audience'])

/**
 * Reads a token exchange request. It does not verify the tokens.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-2.1
 */
export function readExchangeRequest(parameters: Parameters): Result<ExchangeRequest, OAuthFault> {
  for (const [name, values] of parameters)
    if (values.length > 1 && !repeatable.has(name)) return invalid('a parameter is there more than once')
  const read = (name: string): string | undefined => parameters.get(name)?.[0] || undefined
  const grantType = read('grant_type')
  if (grantType === undefined) return invalid('grant_type is missing')
  if (grantType !== tokenExchange)
    return fail(refuse('unsupported_grant_type', `the only grant_type is ${tokenExchange}`))
  const subjectToken = read('subject_token')
  if (subjectToken === undefined) return invalid('subject_token is missing')
  if (!isTokenType(read('subject_token_type')))
    return invalid(`subject_token_type must be ${accessTokenType} or ${jwtType}`)
  const actorToken = read('actor_token')
  const actorTokenType = read('actor_token_type')
  if (actorToken === undefined && actorTokenType !== undefined)
    return invalid('actor_token_type is there without an actor_token')
  if (actorToken !== undefined && !isTokenType(actorTokenType))
    return invalid(`actor_token_type must be ${accessTokenType} or ${jwtType}`)
  const issuedTokenType = read('requested_token_type') ?? accessTokenType
  if (!isTokenType(issuedTokenType))
    return invalid(`requested_token_type must be ${accessTokenType} or ${jwtType}`)
  const scopes = read('scope')?.split(' ')
  if (scopes?.every(isScopeToken) === false)
    return fail(refuse('invalid_scope', 'scope must be scope tokens, separated by single blanks'))
  const targets = [...(parameters.get('resource') ?? []), ...(parameters.get('audience') ?? [])]
  return pass({
    subjectToken,
    actorToken,
    issuedTokenType,
    targets: targets.filter((target) => target !== ''),
    scopes: scopes && [...new Set(scopes)],
  })
}

function isTokenType(value: string | undefined): value is TokenType {
  return value === accessTokenType || value === jwtType
}

function invalid(description: string): Result<never, OAuthFault> {
  return fail(refuse('invalid_request', description))
}
