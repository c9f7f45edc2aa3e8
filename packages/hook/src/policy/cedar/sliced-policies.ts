import * as engine from '@cedar-policy/cedar-wasm/nodejs'
import { PolicyUnavailable } from '../policy-unavailable.ts'
import { type CedarPolicySet, type CedarRule, textsOf } from './policy-set.ts'
import type { CedarQuestion } from './question.ts'
import { type Slice, sliceOf, slicesFor } from './slice.ts'

/** What policies answer to one question. */
export interface CedarAnswer {
  readonly decision: engine.Decision
  /** The policies that have decided: the forbids that hold, or else the permits. */
  readonly reason: readonly string[]
}

/** Where the engine keeps policies that belong together. */
interface ParsedSlices {
  /** Of the policies that are asked about everything. */
  readonly common: string
  readonly others: ReadonlyMap<Slice, string>
}

/** With fewer policies than this, asking all of them takes less than asking several times. */
const worthSlicing = 32
const maxPolicyIds = 32

/**
 * The policies in force, as the engine has parsed them: in one set, or, where there are many, a set for each client, user and
 * API that policies are about, of which a question asks the few that could apply. The meaning is that of one set: a forbid
 * of any of them forbids, and else a permit of any permits.
 */
export class SlicedPolicies {
  /** The engine keeps what it has parsed until its name is used again. */
  readonly #name: string
  #namesUsed = 0
  #parsed: ParsedSlices = { common: '', others: new Map() }

  /** @param name - unlike all others in this process */
  constructor(name: string) {
    this.#name = name
  }

  /** Puts policies into force in place of those before, between two decisions. */
  replace({ rules }: CedarPolicySet): void {
    const common: CedarRule[] = []
    const others = new Map<Slice, CedarRule[]>()
    for (const rule of rules.values()) {
      const slice = rules.size < worthSlicing ? undefined : sliceOf(rule.json)
      if (slice === undefined) common.push(rule)
      else others.set(slice, [...(others.get(slice) ?? []), rule])
    }
    let used = 0
    const parse = (some: readonly CedarRule[]): string => {
      const name = `${this.#name}/${used++}`
      const staticPolicies = textsOf(new Map(some.map((rule) => [rule.id, rule])))
      if (engine.preparsePolicySet(name, { staticPolicies }).type === 'failure')
        throw new TypeError('Cedar does not read the policies that it validated')
      return name
    }
    const parsed = {
      common: parse(common),
      others: new Map([...others].map(([slice, some]) => [slice, parse(some)])),
    }
    const namesUsed = used
    // What is left under names that are no longer needed would stay for good.
    while (used < this.#namesUsed) parse([])
    this.#namesUsed = namesUsed
    this.#parsed = parsed
  }

  /**
   * Asks all policies that could apply.
   *
   * @throws PolicyUnavailable when the engine refuses the question or a policy fails
   */
  ask(
    question: CedarQuestion,
    scopes: readonly string[],
    entities: readonly engine.EntityJson[],
  ): CedarAnswer {
    const { common, others } = this.#parsed
    const names =
      others.size === 0 ? [] : slicesFor(question, entities).flatMap((slice) => others.get(slice) ?? [])
    const answers = [common, ...names].map((name) => evaluate(question, scopes, entities, name))
    // Cedar denies by default and then gives no reason; a denial that has one is by a forbid.
    const forbidding = answers.filter(({ decision, reason }) => decision === 'deny' && reason.length > 0)
    const permitting = answers.filter(({ decision }) => decision === 'allow')
    const deciding = forbidding.length > 0 ? forbidding : permitting
    return {
      decision: forbidding.length === 0 && permitting.length > 0 ? 'allow' : 'deny',
      reason: deciding.flatMap(({ reason }) => reason),
    }
  }
}

function evaluate(
  { principal, action, resource, context }: CedarQuestion,
  scopes: readonly string[],
  entities: readonly engine.EntityJson[],
  preparsedPolicySetId: string,
): CedarAnswer {
  const answer = engine.statefulIsAuthorized({
    principal,
    action,
    resource,
    context: { ...context, scopes: [...scopes] },
    entities: [...entities],
    preparsedPolicySetId,
  })
  // Messages of the engine quote values, so only the policies are named.
  if (answer.type === 'failure') throw new PolicyUnavailable('Cedar refused the question')
  const { decision, diagnostics } = answer.response
  if (diagnostics.errors.length > 0) {
    const failed = diagnostics.errors.map(({ policyId }) => policyId).slice(0, maxPolicyIds)
    throw new PolicyUnavailable(`these policies failed: ${failed.join(', ')}`)
  }
  return { decision, reason: diagnostics.reason }
}
