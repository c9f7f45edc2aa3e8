import type { Clock } from '@behalf/core'
import {
  aClock,
  aWholeNumber,
  findOptionFaults,
  inTime,
  isObject,
  late,
  longestTimeoutMs,
  type OptionRules,
  refuseOptions,
} from '@behalf/core/internal'
import { type Permit, type PolicyDecision, readPolicyDecision } from './decision.ts'
import { asDecisionPoint, isPolicy, type Policy } from './decision-point.ts'
import type { Delegation } from './delegation.ts'
import { PolicyUnavailable } from './policy-unavailable.ts'

/** How long a policy may take, and until when its answer is of use. */
export interface AskOptions {
  readonly timeoutMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

const askOptions: OptionRules<keyof AskOptions> = {
  timeoutMs: { ...aWholeNumber(0, longestTimeoutMs), required: true },
  clock: { ...aClock, required: true },
  signal: {
    expected: 'an AbortSignal',
    holds: (value) => value instanceof AbortSignal,
    required: true,
  },
}

/** A decision, or why there is none. */
export type PolicyAnswer = PolicyDecision | { readonly decision: 'none'; readonly detail: string }

/**
 * Asks a policy as the hook does. It is the operator's code, or somebody else's: it can throw, reject, hang,
 * or answer anything, and none of that leaves this function.
 *
 * @throws TypeError that lists what is unusable of the arguments themselves
 */
export function askPolicy(
  policy: Policy,
  delegation: Delegation,
  options: AskOptions,
): Promise<PolicyAnswer> {
  refuseOptions('askPolicy', [
    ...(isPolicy(policy) ? [] : ['the policy: expected a function or a decision point']),
    ...(isObject(delegation) ? [] : ['the delegation: expected an object']),
    ...findOptionFaults(options, askOptions),
  ])
  return askInTime(policy, delegation, options)
}

/** Asks a policy with arguments that are known to be good. It never throws. */
export async function askInTime(
  policy: Policy,
  delegation: Delegation,
  { timeoutMs, clock, signal }: AskOptions,
): Promise<PolicyAnswer> {
  if (signal.aborted) return undecided('the policy did not answer in time')
  try {
    const ask = (ended: AbortSignal) => asDecisionPoint(policy).decide(delegation, ended)
    const answer = await inTime(ask, { clock, timeoutMs, signal })
    if (answer === late) return undecided('the policy did not answer in time')
    const decision = readPolicyDecision(answer)
    if (decision === undefined) return undecided('the policy answered neither permit nor forbid')
    return decision.decision === 'permit' ? withinScopes(decision, delegation) : decision
  } catch (error) {
    return undecided(error instanceof PolicyUnavailable ? error.message : 'the policy failed')
  }
}

function undecided(detail: string): PolicyAnswer {
  return { decision: 'none', detail }
}

/** A hook cannot take scopes out of a token, so a permit for some of them permits nothing. */
function withinScopes(permit: Permit, { scopes }: Delegation): PolicyDecision {
  const { scopes: permitted, policies } = permit
  if (permitted === undefined) return permit
  if (scopes.length === 0) return { decision: 'forbid', policies, reason: 'The request names no scope.' }
  const others = scopes.filter((scope) => !permitted.includes(scope))
  return others.length === 0 ? permit : { decision: 'forbid', policies, scopes: others }
}
