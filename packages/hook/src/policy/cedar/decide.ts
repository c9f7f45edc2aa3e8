import type { Needs } from '@behalf/core'
import { combineNeeds } from '@behalf/core/internal'
import type { Forbid, Permit, PolicyDecision } from '../decision.ts'
import type { Delegation } from '../delegation.ts'
import type { KnownEntities } from './entities.ts'
import type { CedarRule } from './policy-set.ts'
import { cedarQuestion, type Naming } from './question.ts'
import type { SlicedPolicies } from './sliced-policies.ts'

/** What decides at the moment. */
export interface CedarInForce {
  readonly policies: SlicedPolicies
  readonly rules: ReadonlyMap<string, CedarRule>
  readonly entities: KnownEntities
  readonly naming: Naming
}

/** For more scopes than this, a denial does not look for those to blame. */
const maxScopesToBlame = 16
const maxPolicyIds = 32

/**
 * Asks the policies in force.
 *
 * @throws PolicyUnavailable when the engine refuses the question or a policy fails
 */
export function decideWithCedar(delegation: Delegation, inForce: CedarInForce): PolicyDecision {
  const question = cedarQuestion(delegation, inForce.naming)
  const entities = inForce.entities.complete(question.entities, [question.client])
  const ask = (scopes: readonly string[]) => inForce.policies.ask(question, scopes, entities)
  const { decision, reason } = ask(delegation.scopes)
  const rules = [...inForce.rules.values()].filter(({ id }) => reason.includes(id))
  const policies = rules.length === 0 ? undefined : rules.slice(0, maxPolicyIds).map(({ id }) => id)
  if (decision === 'allow') return narrow(rules, policies)
  const forbid: Forbid = {
    decision: 'forbid',
    policies,
    reason: rules.find((rule) => rule.reason !== undefined)?.reason,
    needs: needsOf(rules),
  }
  const scopes = blameScopes(delegation.scopes, (some) => ask(some).decision === 'allow')
  return scopes.length === 0 ? forbid : { ...forbid, scopes }
}

/** Every permit that applies narrows, whatever the others leave. */
function narrow(permits: readonly CedarRule[], policies: readonly string[] | undefined): Permit {
  const lifetimes = permits.flatMap(({ lifetimeSeconds }) => lifetimeSeconds ?? [])
  const [first, ...others] = permits.flatMap(({ assertionClaims }) =>
    assertionClaims === undefined ? [] : [assertionClaims],
  )
  return {
    decision: 'permit',
    policies,
    ...(lifetimes.length === 0 ? {} : { lifetimeSeconds: Math.min(...lifetimes) }),
    ...(first === undefined
      ? {}
      : { assertionClaims: first.filter((name) => others.every((names) => names.includes(name))) }),
  }
}

/** Signing in again helps only when it satisfies every forbid, and when it is a forbid that denies. */
function needsOf(forbids: readonly CedarRule[]): Needs | undefined {
  const needs = forbids.flatMap((rule) => rule.needs ?? [])
  return needs.length === forbids.length ? combineNeeds(needs) : undefined
}

/** The scopes that are denied by themselves, when the same request without any scope would be permitted. */
function blameScopes(
  scopes: readonly string[],
  isPermitted: (scopes: readonly string[]) => boolean,
): readonly string[] {
  if (scopes.length === 0 || scopes.length > maxScopesToBlame || !isPermitted([])) return []
  return scopes.filter((scope) => !isPermitted([scope]))
}
