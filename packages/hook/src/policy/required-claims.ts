import type { Json } from '@behalf/core'
import { aListOf, refuseOptions } from '@behalf/core/internal'
import { isPublicReason, type PolicyDecision } from './decision.ts'
import { asDecisionPoint, type DecisionPoint, isPolicy, type Policy } from './decision-point.ts'
import type { Delegation } from './delegation.ts'

const claimNames = aListOf('claim names', (name) => typeof name === 'string' && name !== '')

/**
 * Makes a policy demand claims: an assertion that lacks one of them, or has it as null, is forbidden and the policy is
 * not asked. Without it, a rule that forbids by a claim is passed by with a token that has none. It does not look at
 * the values.
 *
 * @param names - claims of the assertion, e.g. `['groups']`; at least one
 * @throws TypeError that lists what is unusable
 *
 * @example
 * ```ts
 * import { requireClaims } from '@behalf/hook'
 *
 * const policy = requireClaims(['groups'], ({ subject }) => {
 *   const { groups } = subject.claims
 *   return { decision: Array.isArray(groups) && groups.includes('contractors') ? 'forbid' : 'permit' }
 * })
 * ```
 */
export function requireClaims(names: readonly string[], policy: Policy): DecisionPoint {
  refuseOptions('requireClaims', [
    ...(claimNames.holds(names) ? [] : [`names: expected ${claimNames.expected}`]),
    ...(isPolicy(policy) ? [] : ['policy: expected a function or a decision point']),
  ])
  const point = asDecisionPoint(policy)
  return {
    decide: (delegation, signal) => forbidWithout(names, delegation) ?? point.decide(delegation, signal),
    get faults() {
      return point.faults
    },
    get warnings() {
      return point.warnings ?? []
    },
    get rules() {
      return point.rules ?? []
    },
    get files() {
      return point.files ?? []
    },
    ...(point.withPolicies === undefined ? {} : { withPolicies: point.withPolicies }),
    misfits: (issuers) => point.misfits?.(issuers) ?? [],
    reload: (issuers) => point.reload?.(issuers) ?? { faults: [], apply: () => undefined },
  }
}

/**
 * Returns the denial of an assertion that lacks a claim; undefined when it has all.
 *
 * @param isThere - whether a value counts; all but null do by default
 */
export function forbidWithout(
  names: readonly string[],
  { subject }: Delegation,
  isThere: (value: Json) => boolean = () => true,
): PolicyDecision | undefined {
  const missing = names.filter((name) => {
    const value = Object.hasOwn(subject.claims, name) ? subject.claims[name] : undefined
    return value === undefined || value === null || !isThere(value)
  })
  if (missing.length === 0) return undefined
  const reason = `The user's token lacks what the policy needs: ${missing.join(', ')}.`
  return { decision: 'forbid', ...(isPublicReason(reason) ? { reason } : {}) }
}
