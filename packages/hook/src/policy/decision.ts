import type { Json, JsonObject, Needs } from '@behalf/core'
import { isJsonObject, parseStrictJson, readNeeds } from '@behalf/core/internal'
import * as v from 'valibot'
import type { Delegation } from './delegation.ts'

/** The client may act for the subject. Every other member narrows what it gets; none can widen it. */
export interface Permit {
  readonly decision: 'permit'
  /**
   * Ids of the policies that decided, for the decision record: up to 32 of 1 to 100 characters of ASCII without
   * blanks. With others the permit is no decision.
   */
  readonly policies?: readonly string[] | undefined
  /** The scopes that are permitted. Okta has granted the scopes already, so one that is not here is a denial. */
  readonly scopes?: readonly string[] | undefined
  /** How long the delegation may last. Okta's floor is 300 s; below it, API B enforces the end by `assertion.exp`. */
  readonly lifetimeSeconds?: number | undefined
  /** The claims of the assertion that may be copied, of those that the configuration selects. */
  readonly assertionClaims?: readonly string[] | undefined
  /**
   * Claims to add to the token, under names of their own, e.g. `tenant`, `app.tenant` or a URL: strings, whole
   * numbers, lists or objects. A bare boolean or fraction is a denial, because Okta is not known to apply it.
   */
  readonly claims?: JsonObject | undefined
}

/** The client must not act for the subject. */
export interface Forbid {
  readonly decision: 'forbid'
  /** As those of a {@link Permit}; all are left out when one of them is unusable. */
  readonly policies?: readonly string[] | undefined
  /**
   * Shown to the client in place of the general sentence: 1 to 200 characters of printable ASCII. Any
   * other reason is left out. Put no personal data in it.
   */
  readonly reason?: string | undefined
  /** The scopes that are to blame when the rest would be permitted; the denial names them. */
  readonly scopes?: readonly string[] | undefined
  /**
   * What the user's next token must bring for a permit (RFC 9470): the denial is `step_up_required` then, and API A passes
   * the challenge on. Left out as a whole when any of it is unusable. Put no personal data in it.
   */
  readonly needs?: Needs | undefined
}

/** A policy's answer. */
export type PolicyDecision = Permit | Forbid

/**
 * A policy as a function. An exception, a rejection, an answer of any other shape and an answer that comes
 * too late are denials (`policy_unavailable`).
 *
 * @param signal - aborted when the answer will no longer be waited for
 *
 * @example
 * ```ts
 * import type { PolicyFunction } from '@behalf/hook'
 *
 * const policy: PolicyFunction = (delegation) =>
 *   delegation.actors.length > 1
 *     ? { decision: 'forbid', reason: 'no delegation of delegation' }
 *     : { decision: 'permit', lifetimeSeconds: 300 }
 * ```
 */
export type PolicyFunction = (
  delegation: Delegation,
  signal: AbortSignal,
) => PolicyDecision | Promise<PolicyDecision>

const maxClaimDepth = 16

const policyIds = v.optional(
  v.pipe(v.array(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,100}$/))), v.maxLength(32)),
)
const names = v.optional(v.array(v.string()))
const permit = v.strictObject({
  decision: v.literal('permit'),
  policies: policyIds,
  scopes: names,
  lifetimeSeconds: v.optional(
    v.pipe(
      v.number(),
      v.check((value) => Number.isSafeInteger(value) && value >= 1),
    ),
  ),
  assertionClaims: names,
  claims: v.optional(
    v.pipe(
      v.custom<JsonObject>((value) => isPlain(value, maxClaimDepth) && isJsonObject(value)),
      v.transform(copyOf),
      v.custom<JsonObject>((value) => value !== null),
    ),
  ),
})
/** A forbid stays one whatever else is wrong with it; what is unusable of it is left out. */
const forbid = v.object({
  decision: v.literal('forbid'),
  policies: v.fallback(policyIds, undefined),
  reason: v.fallback(v.optional(v.pipe(v.string(), v.regex(/^[\x20-\x7e]{1,200}$/))), undefined),
  scopes: v.fallback(names, undefined),
  needs: v.optional(v.pipe(v.unknown(), v.transform(readNeeds))),
})
const decision = v.lazy((answer) => (Object(answer).decision === 'forbid' ? forbid : permit))

/** Reads what a policy answered. Undefined when it is no decision, as is a permit with a member that is not understood. */
export function readPolicyDecision(answer: unknown): PolicyDecision | undefined {
  const read = v.safeParse(decision, answer)
  return read.success ? read.output : undefined
}

/** Says whether a reason may be shown to a client: plain words of reasonable length. */
export function isPublicReason(reason: unknown): reason is string {
  return typeof reason === 'string' && /^[\x20-\x7e]{1,200}$/.test(reason)
}

/** What is checked is what will be written, whatever getters say the next time; null when it is no proper JSON. */
function copyOf(claims: JsonObject): JsonObject | null {
  const parsed = parseStrictJson(JSON.stringify(claims), maxClaimDepth + 1)
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : null
}

/** Whether JSON can express a value and expresses nothing else. */
function isPlain(value: unknown, maxDepth: number): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || maxDepth === 0) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return false
  if ('toJSON' in value) return false
  return Object.values(value).every((member) => isPlain(member, maxDepth - 1))
}
