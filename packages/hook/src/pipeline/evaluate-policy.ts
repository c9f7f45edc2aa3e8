import { type Clock, deny, listActors, pass } from '@behalf/core'
import type { Delegation, PolicyFunction } from '../policy/delegation.ts'
import { freezeDeeply } from '../policy/freeze.ts'
import type { Chained, Permitted } from './exchange.ts'
import type { Step, StepContext } from './step.ts'

/** Step 8: the operator's policy permits. Anything but a permit in time is a denial. */
export const evaluatePolicy: Step<Chained, Permitted> = async (chained, context) => {
  const { policy } = context.config
  if (policy === undefined) return pass({ ...chained, permitted: true })
  const answer = await ask(policy, describe(chained, context.clock), context)
  if (answer === unanswered) return deny('policy_unavailable', 'the policy failed or did not answer in time')
  if (isDecision(answer, 'permit')) return pass({ ...chained, permitted: true })
  if (!isDecision(answer, 'forbid'))
    return deny('policy_unavailable', 'the policy answered neither permit nor forbid')
  const reason = 'reason' in answer ? publicReason(answer.reason) : undefined
  return reason === undefined
    ? deny('policy_denied')
    : { ok: false, denial: { code: 'policy_denied' }, reason }
}

const unanswered: unique symbol = Symbol('unanswered')

/** A policy is the operator's code: it can throw, reject, hang, or answer anything. */
function ask(
  policy: PolicyFunction,
  delegation: Delegation,
  { config, clock, signal }: StepContext,
): Promise<unknown> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(() => resolve(unanswered), config.limits.policyTimeoutMs)
    const settle = (answer: unknown): void => {
      cancel()
      resolve(answer)
    }
    try {
      Promise.resolve(policy(delegation, signal)).then(settle, () => settle(unanswered))
    } catch {
      settle(unanswered)
    }
  })
}

function isDecision(answer: unknown, decision: 'permit' | 'forbid'): answer is object {
  return typeof answer === 'object' && answer !== null && 'decision' in answer && answer.decision === decision
}

/** A reason goes into Okta's log and to the client, so only plain words of reasonable length pass. */
function publicReason(reason: unknown): string | undefined {
  return typeof reason === 'string' && /^[\x20-\x7e]{1,200}$/.test(reason) ? reason : undefined
}

function describe({ clientId, event, assertion, actor }: Chained, clock: Clock): Delegation {
  const { aud, iss } = event.access.claims
  return freezeDeeply({
    client: { id: clientId, name: event.protocol.clientName },
    subject: { issuer: assertion.issuer, id: assertion.subject, claims: assertion.claims },
    resource: {
      audience: typeof aud === 'string' ? aud : undefined,
      authorizationServer: event.protocol.issuer ?? (typeof iss === 'string' ? iss : undefined),
    },
    scopes: event.access.scopes,
    actors: listActors(actor),
    request: { ipAddress: event.request.ipAddress, timeMs: clock.now() },
  })
}
