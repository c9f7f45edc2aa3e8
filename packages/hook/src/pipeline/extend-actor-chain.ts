import { type Actor, listActors } from '@behalf/core'
import { deny, extendActorChain, pass } from '@behalf/core/internal'
import { authorizationServerOf } from '../okta/event.ts'
import type { Bound, Chained } from './exchange.ts'
import type { Step } from './step.ts'

/**
 * Step 9: the client becomes the current actor, vouched for by the authorization server that issues the token; actors that
 * the assertion names nest inside, each with the issuer that vouched for it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
 */
export const extendChain: Step<Bound, Chained> = (bound, { config }) => {
  const { assertion, binding, clientId, event } = bound
  const { actor: prior, issuer } = assertion.presented
  const maxActorDepth = Math.min(
    config.limits.maxActorDepth,
    binding.maxActorDepth ?? Number.POSITIVE_INFINITY,
  )
  const depth = 1 + (prior === undefined ? 0 : listActors(prior).length)
  if (depth > maxActorDepth) return deny('actor_chain_too_deep')
  const server = authorizationServerOf(event)
  const current = {
    ...(server === undefined ? {} : { iss: server }),
    sub: clientId,
    sub_profile: binding.actorProfile,
  }
  return pass({ ...bound, actor: extendActorChain(current, prior && vouchedFor(prior, issuer)) })
}

/** An actor that says nothing of who vouched for it is one of the token's own issuer. */
function vouchedFor({ act, ...identity }: Actor, issuer: string): Actor {
  return { iss: issuer, ...identity, ...(act === undefined ? {} : { act: vouchedFor(act, issuer) }) }
}
