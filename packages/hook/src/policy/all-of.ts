import { isDeepStrictEqual } from 'node:util'
import type { JsonObject, Needs } from '@behalf/core'
import { combineNeeds, refuseOptions } from '@behalf/core/internal'
import { type Forbid, type Permit, type PolicyDecision, readPolicyDecision } from './decision.ts'
import { asDecisionPoint, type DecisionPoint, isPolicy, type Policy } from './decision-point.ts'
import type { Delegation } from './delegation.ts'
import { PolicyUnavailable } from './policy-unavailable.ts'

/**
 * Combines policies: all must permit, one forbid wins, and one that fails is a denial. All are asked at the
 * same time. Of what they narrow, the narrowest counts: the shorter lifetime, the scopes and claims that all
 * of them leave.
 *
 * @throws TypeError when there is nothing to combine, because nothing would permit everything, or what is no policy
 *
 * @example
 * ```ts
 * import { allOf } from '@behalf/hook'
 * import { cedar } from '@behalf/hook/cedar'
 *
 * const policy = allOf(cedar({ policies: 'policies' }), (delegation) => ({
 *   decision: delegation.client.id.startsWith('0oa') ? 'permit' : 'forbid',
 * }))
 * ```
 */
export function allOf(...policies: readonly [Policy, ...Policy[]]): DecisionPoint {
  if (policies.length === 0) throw new TypeError('allOf needs at least one policy')
  refuseOptions(
    'allOf',
    policies.flatMap((policy, index) =>
      isPolicy(policy) ? [] : [`policies[${index}]: expected a function or a decision point`],
    ),
  )
  const points = policies.map(asDecisionPoint)
  const collect = <Item>(of: (point: DecisionPoint) => readonly Item[] | undefined): readonly Item[] =>
    points.flatMap((point) => of(point) ?? [])
  const other = points.map((point) => point.withPolicies).find((withPolicies) => withPolicies !== undefined)
  return {
    async decide(delegation, signal) {
      return combine(await Promise.all(points.map((point) => ask(point, delegation, signal))))
    },
    get faults() {
      return collect(({ faults }) => faults)
    },
    get warnings() {
      return collect(({ warnings }) => warnings)
    },
    get rules() {
      return collect(({ rules }) => rules)
    },
    get files() {
      return collect(({ files }) => files)
    },
    ...(other === undefined ? {} : { withPolicies: other }),
    misfits: (issuers) => collect((point) => point.misfits?.(issuers)),
    reload(issuers) {
      const reloads = collect((point) => (point.reload === undefined ? [] : [point.reload(issuers)]))
      const faults = reloads.flatMap((reload) => reload.faults)
      return {
        faults,
        apply() {
          // Half of a change could permit what neither the old nor the new policies do.
          if (faults.length > 0) return
          for (const reload of reloads) reload.apply()
        },
      }
    },
  }
}

async function ask(
  point: DecisionPoint,
  delegation: Delegation,
  signal: AbortSignal,
): Promise<PolicyDecision | PolicyUnavailable> {
  try {
    const decision = readPolicyDecision(await point.decide(delegation, signal))
    return decision ?? new PolicyUnavailable('a policy answered neither permit nor forbid')
  } catch (error) {
    return error instanceof PolicyUnavailable ? error : new PolicyUnavailable('a policy failed')
  }
}

function combine(answers: readonly (PolicyDecision | PolicyUnavailable)[]): PolicyDecision {
  const forbids = answers.filter(
    (answer): answer is Forbid => 'decision' in answer && answer.decision === 'forbid',
  )
  const [forbid] = forbids
  if (forbid !== undefined)
    return {
      ...forbid,
      policies: mergeIds(forbids),
      scopes: scopesToBlame(forbids),
      needs: needsOf(forbids),
    }
  const failure = answers.find((answer) => answer instanceof PolicyUnavailable)
  if (failure !== undefined) throw failure
  return answers
    .filter((answer): answer is Permit => 'decision' in answer && answer.decision === 'permit')
    .reduce((narrowest, permit) => ({
      decision: 'permit',
      policies: mergeIds([narrowest, permit]),
      scopes: intersect(narrowest.scopes, permit.scopes),
      lifetimeSeconds: least(narrowest.lifetimeSeconds, permit.lifetimeSeconds),
      assertionClaims: intersect(narrowest.assertionClaims, permit.assertionClaims),
      claims: mergeClaims(narrowest.claims, permit.claims),
    }))
}

/** Scopes are to blame only when every forbid blames scopes; otherwise leaving them out would not help. */
function scopesToBlame(forbids: readonly Forbid[]): readonly string[] | undefined {
  const blamed = forbids.map(({ scopes }) => scopes ?? [])
  return blamed.every((scopes) => scopes.length > 0) ? [...new Set(blamed.flat())] : undefined
}

/** Signing in again helps only when it satisfies every forbid. */
function needsOf(forbids: readonly Forbid[]): Needs | undefined {
  const needs = forbids.flatMap((forbid) => forbid.needs ?? [])
  return needs.length === forbids.length ? combineNeeds(needs) : undefined
}

function mergeIds(decisions: readonly PolicyDecision[]): readonly string[] | undefined {
  const ids = new Set(decisions.flatMap(({ policies }) => policies ?? []))
  return ids.size === 0 ? undefined : [...ids].slice(0, 32)
}

function intersect(
  left: readonly string[] | undefined,
  right: readonly string[] | undefined,
): readonly string[] | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return left.filter((name) => right.includes(name))
}

function least(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? (left ?? right) : Math.min(left, right)
}

function mergeClaims(left: JsonObject | undefined, right: JsonObject | undefined): JsonObject | undefined {
  if (left === undefined || right === undefined) return left ?? right
  const contested = Object.keys(left).some(
    (name) => Object.hasOwn(right, name) && !isDeepStrictEqual(left[name], right[name]),
  )
  if (contested) throw new PolicyUnavailable('two policies add different values under one claim name')
  return { ...left, ...right }
}
