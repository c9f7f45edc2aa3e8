import { type Denial, isJsonObject, type Json, pass } from '@behalf/core'
import type { ClientBinding } from '../config/resolved-config.ts'
import type { Bound, Verified } from './exchange.ts'
import type { Step } from './step.ts'

/**
 * Step 6: this client may present this assertion for these scopes, by configuration and by the assertion's
 * `may_act`. Without it, any API could trade in a token that was meant for another (the confused deputy).
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.4
 */
export const bindClient: Step<Verified, Bound> = (verified, { config }) => {
  const binding = config.clients === 'any' ? {} : config.clients.get(verified.clientId)
  if (binding === undefined) {
    return { ok: false, denial: { code: 'client_not_permitted', detail: 'the client is not configured' } }
  }
  const denial = whyUnbound(verified, binding)
  return denial === undefined ? pass({ ...verified, binding }) : { ok: false, denial }
}

function whyUnbound({ assertion, clientId, event }: Verified, binding: ClientBinding): Denial | undefined {
  if (binding.issuers !== undefined && !binding.issuers.includes(assertion.issuer)) {
    return { code: 'client_not_permitted', detail: 'not for assertions of this issuer' }
  }
  if (
    binding.audiences !== undefined &&
    !assertion.audiences.some((audience) => binding.audiences?.includes(audience))
  ) {
    return { code: 'client_not_permitted', detail: 'not for assertions of this audience' }
  }
  const { may_act: mayAct } = assertion.claims
  if (mayAct !== undefined && !mayActNames(mayAct, clientId, event.protocol.issuer)) {
    return { code: 'actor_not_permitted', detail: 'may_act names another party' }
  }
  if (binding.scopes === undefined) return undefined
  if (event.access.scopes.length === 0)
    return { code: 'scope_not_permitted', detail: 'the event names no scope' }
  return event.access.scopes.every((scope) => binding.scopes?.includes(scope))
    ? undefined
    : { code: 'scope_not_permitted' }
}

/** A `may_act` that cannot be read, or that asks for more than an actor's `sub` and `iss`, names nobody. */
function mayActNames(mayAct: Json, clientId: string, issuer: string | undefined): boolean {
  if (!isJsonObject(mayAct) || mayAct['sub'] !== clientId) return false
  return mayAct['iss'] === undefined || (issuer !== undefined && mayAct['iss'] === issuer)
}
