import type { Denial } from '@behalf/core'
import { deny, fail, pass, readAuthorizationHeader } from '@behalf/core/internal'
import type { Authentication, BearerAuthentication } from '../config/authenticate.ts'
import { andThen } from './and-then.ts'
import { whyNotOwnToken } from './caller-token.ts'
import type { Arrival } from './exchange.ts'
import type { Step, StepContext } from './step.ts'

/**
 * Step 1: the caller is Okta, by the secret in a header or by a bearer token that Okta's client obtained.
 * It does not look at the body.
 *
 * @see https://developer.okta.com/docs/concepts/inline-hooks/
 */
export const authenticateCaller: Step<Arrival, Arrival> = (arrival, context) => {
  const { authentication } = context.config
  if (authentication.kind === 'none') return pass(arrival)
  const name = credentialHeader(authentication)
  const [value, ...others] = arrival.headers.get(name) ?? []
  if (value === undefined) return deny('caller_unauthenticated', `the header ${name} is missing`)
  if (others.length > 0) return deny('caller_unauthenticated', `the header ${name} was sent more than once`)
  const denial =
    authentication.kind === 'secret'
      ? whySecretRefused(value, name, context)
      : whyTokenRefused(value, authentication, context)
  return andThen(denial, (found) => (found === undefined ? pass(arrival) : fail(found)))
}

/**
 * Says whether a request brings anything that could authenticate its caller, right or wrong: what brings nothing is not Okta's,
 * unless nobody has to authenticate.
 */
export function bringsCredentials(
  { headers }: Pick<Arrival, 'headers'>,
  authentication: Authentication,
): boolean {
  return authentication.kind === 'none' || headers.get(credentialHeader(authentication)) !== undefined
}

function credentialHeader(authentication: Exclude<Authentication, { readonly kind: 'none' }>): string {
  return authentication.kind === 'secret' ? authentication.header : 'authorization'
}

type Refused = Denial | undefined | Promise<Denial | undefined>

function whySecretRefused(value: string, name: string, { callerSecrets }: StepContext): Refused {
  if (callerSecrets === undefined) throw new TypeError('there is nothing to compare the secret with')
  return andThen(callerSecrets.accepts(value), (accepted) => {
    if (accepted) return undefined
    const { fault } = callerSecrets
    const hint = fault === undefined ? '' : `; the secrets could not be fetched: ${fault}`
    return unauthenticated(`the header ${name} does not authenticate${hint}`)
  })
}

/** Why a bearer token is not one that Okta's client obtained for this hook, or undefined when it is. */
async function whyTokenRefused(
  value: string,
  { clientIds, scope: requiredScope }: BearerAuthentication,
  { verifyCaller: verify }: StepContext,
): Promise<Denial | undefined> {
  if (verify === undefined) throw new TypeError('there is nothing to verify the bearer token with')
  const presented = readAuthorizationHeader(value, ['bearer'])
  // Okta writes one blank; what else the standard allows is not from Okta.
  if (!presented.ok || value.includes('  '))
    return unauthenticated('the header authorization holds no bearer token')
  const verified = await verify(presented.value.token)
  if (!verified.ok) {
    return verified.fault.code === 'keys_unavailable'
      ? { code: 'keys_unavailable', detail: 'those of the issuer of the bearer token' }
      : unauthenticated(`the bearer token: ${verified.fault.code}`)
  }
  const { scp, scope } = verified.value.claims
  const other = whyNotOwnToken(verified.value.claims, clientIds)
  if (other !== undefined) return unauthenticated(`the bearer token ${other}`)
  const scopes = Array.isArray(scp) ? scp : typeof scope === 'string' ? scope.split(' ') : []
  return requiredScope === undefined || scopes.includes(requiredScope)
    ? undefined
    : unauthenticated('the bearer token lacks the scope')
}

function unauthenticated(detail: string): Denial {
  return { code: 'caller_unauthenticated', detail }
}
