import type { Denial, Json, Result } from '@behalf/core'
import { deny, isJsonObject, pass } from '@behalf/core/internal'
import type { ClientConfig } from '../config/clients.ts'
import type { Bound, Verified } from './exchange.ts'
import { refuseScopes } from './refuse-scopes.ts'
import type { Step } from './step.ts'

/**
 * Step 6: this client may present this assertion for these scopes, by configuration and by the assertion's
 * `may_act`. Without it, any API could trade in a token that was meant for another (the confused deputy).
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.4
 */
export const bindClient: Step<Verified, Bound> = (verified, { config }) => {
  const binding = config.clients === 'any' ? {} : config.clients.get(verified.clientId)
  if (binding === undefined) return deny('client_not_permitted', 'the client is not configured')
  return findRefusal(verified, binding) ?? pass({ ...verified, binding })
}

function findRefusal(
  { assertion, clientId, event }: Verified,
  binding: ClientConfig,
): Result<never, Denial> | undefined {
  const { issuers, audiences, scopes, requireMayAct } = binding
  if (issuers !== undefined && !issuers.includes(assertion.issuer)) {
    return deny('client_not_permitted', 'not for assertions of this issuer')
  }
  if (audiences !== undefined && !assertion.audiences.some((audience) => audiences.includes(audience))) {
    return deny('client_not_permitted', 'not for assertions of this audience')
  }
  const { may_act: mayAct } = assertion.claims
  if (mayAct === undefined && requireMayAct) {
    return deny('actor_not_permitted', 'the client needs may_act, and the assertion has none')
  }
  if (mayAct !== undefined && !mayActNames(mayAct, clientId, event.protocol.issuer)) {
    return deny('actor_not_permitted', 'may_act names another party')
  }
  if (scopes === undefined) return undefined
  if (event.access.scopes.length === 0) return deny('scope_not_permitted', 'the event names no scope')
  const others = event.access.scopes.filter((scope) => !scopes.includes(scope))
  return others.length === 0 ? undefined : refuseScopes(others)
}

/** A `may_act` that cannot be read, or that asks for more of an actor than is known of a client, names nobody. */
function mayActNames(mayAct: Json, clientId: string, issuer: string | undefined): boolean {
  if (!isJsonObject(mayAct)) return false
  const { sub, iss = issuer, sub_profile: profile = 'service', ...unknown } = mayAct
  return sub === clientId && iss === issuer && profile === 'service' && Object.keys(unknown).length === 0
}
