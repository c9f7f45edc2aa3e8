import { type Denial, type Json, listActors, type Result } from '@behalf/core'
import { deny, isJsonObject, pass } from '@behalf/core/internal'
import { anyClientsBinding, type ResolvedClient } from '../config/clients.ts'
import type { StepDenial } from '../errors/step-denial.ts'
import { authorizationServerOf } from '../okta/event.ts'
import { foreignScopes } from './choose-resource.ts'
import type { Bound, Verified } from './exchange.ts'
import { refuseScopes } from './refuse-scopes.ts'
import type { Step } from './step.ts'

/**
 * Step 8: this client may present this assertion for this API and these scopes, by configuration and by the `may_act` of
 * the user's own token, at every hop. Without it, any API could trade in a token that was meant for another (the confused
 * deputy), or act for itself.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.4
 */
export const bindClient: Step<Verified, Bound> = (verified, { config }) => {
  const binding = config.clients === 'any' ? anyClientsBinding : config.clients.get(verified.clientId)
  if (binding === undefined) return deny('client_not_permitted', 'the client is not configured')
  return (
    findRefusal(verified, binding) ?? findForeignScopes(verified, binding) ?? pass({ ...verified, binding })
  )
}

const namesAnother = deny('actor_not_permitted', 'may_act names another party')

function findRefusal(
  { assertion, clientId, event, resource }: Verified,
  { issuers, audiences, resources, requireMayAct, reentry, actorProfile }: ResolvedClient,
): Result<never, Denial> | undefined {
  if (issuers?.includes(assertion.issuer) === false)
    return deny('client_not_permitted', 'not for users of this issuer')
  if (audiences !== undefined && !assertion.audiences.some((audience) => audiences.includes(audience)))
    return deny('client_not_permitted', 'not for assertions of this audience')
  if (resource !== undefined && resources?.includes(resource.audience) === false)
    return deny('client_not_permitted', 'not for this resource')
  const [current, ...earlier] =
    assertion.presented.actor === undefined ? [] : listActors(assertion.presented.actor)
  if (current?.sub === clientId)
    return deny('actor_not_permitted', 'the client acts in the assertion already')
  if (!reentry && earlier.some(({ sub }) => sub === clientId))
    return deny(
      'actor_not_permitted',
      'the client is in the chain already; clients[id].reentry lets it in again',
    )
  // What the presented token says of its own narrows what the first one says.
  const { mayAct: own } = assertion.presented
  if (own !== undefined && !mayActNames(own, clientId, actorProfile, authorizationServerOf(event)))
    return namesAnother
  const { may_act: mayAct } = assertion.claims
  if (mayAct === undefined)
    return requireMayAct
      ? deny('actor_not_permitted', 'the client needs may_act, and the assertion has none')
      : undefined
  return mayActNames(mayAct, clientId, actorProfile, authorizationServerOf(event)) ? undefined : namesAnother
}

function findForeignScopes(
  { assertion, event, resource }: Verified,
  { scopes }: ResolvedClient,
): Result<never, StepDenial> | undefined {
  const granted = event.access.scopes
  if (scopes !== undefined && granted.length === 0)
    return deny('scope_not_permitted', 'the event names no scope')
  const others = [
    ...(scopes === undefined ? [] : granted.filter((scope) => !scopes.includes(scope))),
    ...(resource === undefined ? [] : foreignScopes(resource, granted, assertion.presented)),
  ]
  return others.length === 0 ? undefined : refuseScopes([...new Set(others)])
}

/** A `may_act` that cannot be read, or that asks for more of an actor than is known of a client, names nobody. */
function mayActNames(
  mayAct: Json,
  clientId: string,
  actorProfile: string,
  issuer: string | undefined,
): boolean {
  if (!isJsonObject(mayAct)) return false
  const { sub, iss = issuer, sub_profile: profile = actorProfile, ...unknown } = mayAct
  return sub === clientId && iss === issuer && profile === actorProfile && Object.keys(unknown).length === 0
}
