import type { Actor } from '@behalf/core'
import { extendActorChain, parseActor, pass } from '@behalf/core/internal'
import type { Bound, Chained } from './exchange.ts'
import type { Step } from './step.ts'

/**
 * Step 7: the client becomes the current actor; actors that the assertion names nest inside.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
 */
export const extendChain: Step<Bound, Chained> = (bound, { config }) => {
  const current = { sub: bound.clientId, sub_profile: 'service' }
  const { act } = bound.assertion.claims
  const maxActorDepth = Math.min(
    config.limits.maxActorDepth,
    bound.binding.maxActorDepth ?? Number.POSITIVE_INFINITY,
  )
  let prior: Actor | undefined
  if (act !== undefined) {
    const parsed = parseActor(act, maxActorDepth - 1)
    if (!parsed.ok) return parsed
    prior = parsed.value
  }
  return pass({ ...bound, actor: extendActorChain(current, prior) })
}
