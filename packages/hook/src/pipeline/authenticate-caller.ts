import { deny, type JwtVerifier, pass } from '@behalf/core'
import type { BearerAuthentication } from '../config/resolved-config.ts'
import type { Arrival } from './exchange.ts'
import type { Step } from './step.ts'

/**
 * Step 1: the caller is Okta, by the secret in a header or by a bearer token that Okta's client obtained.
 * It does not look at the body.
 *
 * @see https://developer.okta.com/docs/concepts/inline-hooks/
 */
export const authenticateCaller: Step<Arrival, Arrival> = async (
  arrival,
  { config, callerSecrets, verifyCaller },
) => {
  const { authentication } = config
  if (authentication.kind === 'none') return pass(arrival)
  const name = authentication.kind === 'secret' ? authentication.header : 'authorization'
  const [value, ...others] = arrival.headers.get(name) ?? []
  if (value === undefined) return deny('caller_unauthenticated', `the header ${name} is missing`)
  if (others.length > 0) return deny('caller_unauthenticated', `the header ${name} was sent more than once`)
  const authentic =
    authentication.kind === 'secret'
      ? callerSecrets?.accepts(value)
      : verifyCaller !== undefined && isOktasToken(value, authentication, verifyCaller)
  if (authentic === true || (await authentic) === true) return pass(arrival)
  const fault = callerSecrets?.fault
  const hint = fault === undefined ? '' : `; the secrets could not be fetched: ${fault}`
  return deny('caller_unauthenticated', `the header ${name} does not authenticate${hint}`)
}

async function isOktasToken(
  value: string,
  expected: BearerAuthentication,
  verify: JwtVerifier,
): Promise<boolean> {
  const token = /^Bearer ([^ ]+)$/i.exec(value)?.[1]
  if (token === undefined) return false
  const verified = await verify(token)
  if (!verified.ok) return false
  const { cid, client_id: clientId = cid, scp, scope } = verified.jwt.claims
  const scopes = Array.isArray(scp) ? scp : typeof scope === 'string' ? scope.split(' ') : []
  return (
    typeof clientId === 'string' &&
    expected.clientIds.includes(clientId) &&
    (expected.scope === undefined || scopes.includes(expected.scope))
  )
}
