import { type Clock, listActors, type Result } from '@behalf/core'
import { deny, fail, pass, writeNeeds } from '@behalf/core/internal'
import type { StepDenial } from '../errors/step-denial.ts'
import { authorizationServerOf } from '../okta/event.ts'
import { canonicalAddress } from '../policy/address.ts'
import { askInTime } from '../policy/ask.ts'
import type { Forbid, PolicyFunction } from '../policy/decision.ts'
import type { Delegation } from '../policy/delegation.ts'
import { freezeDeeply } from '../policy/freeze.ts'
import type { Chained, Permitted } from './exchange.ts'
import { refuseScopes } from './refuse-scopes.ts'
import type { Step, StepContext, StepOutcome } from './step.ts'

/** Step 12: the operator's policy permits. Anything but a permit in time is a denial. */
export const evaluatePolicy: Step<Chained, Permitted> = (chained, context) => {
  const { policy } = context.config
  return policy === undefined
    ? pass({ ...chained, permit: { decision: 'permit' } })
    : consult(policy, chained, context)
}

async function consult(
  policy: PolicyFunction,
  chained: Chained,
  { config, clock, deadline }: StepContext,
): Promise<StepOutcome<Permitted>> {
  const { aud } = chained.event.access.claims
  // Of a list, no policy can tell which API it would be deciding about.
  if (aud !== undefined && aud !== null && typeof aud !== 'string')
    return deny('policy_unavailable', 'aud of the token being minted is not one name')
  const delegation = describeDelegation(chained, clock)
  const timeoutMs = config.limits.policyTimeoutMs
  const answer = await askInTime(policy, delegation, { timeoutMs, clock, signal: deadline.signal })
  switch (answer.decision) {
    case 'none':
      return deny('policy_unavailable', answer.detail)
    case 'forbid':
      return forbidden(answer, delegation)
    case 'permit':
      return pass({ ...chained, permit: answer })
  }
}

function forbidden(
  { reason, scopes = [], policies, needs }: Forbid,
  delegation: Delegation,
): Result<never, StepDenial> {
  if (needs !== undefined)
    return fail({ code: 'step_up_required', detail: `needs ${writeNeeds(needs)}`, reason, policies, needs })
  const blamed = delegation.scopes.filter((scope) => scopes.includes(scope))
  if (blamed.length > 0) return refuseScopes(blamed, { reason, policies })
  return fail({ code: 'policy_denied', reason, policies })
}

function describeDelegation(
  { clientId, event, resource, assertion, actor }: Chained,
  clock: Clock,
): Delegation {
  const { aud } = event.access.claims
  return freezeDeeply({
    client: { id: clientId, name: event.protocol.clientName },
    subject: { issuer: assertion.issuer, id: assertion.subject, claims: assertion.claims },
    resource: {
      audience: resource?.audience ?? (typeof aud === 'string' ? aud : undefined),
      authorizationServer: authorizationServerOf(event),
    },
    scopes: event.access.scopes,
    actors: listActors(actor),
    request: {
      id: event.request.id,
      ipAddress: canonicalAddress(event.request.ipAddress),
      timeMs: clock.now(),
    },
  })
}
