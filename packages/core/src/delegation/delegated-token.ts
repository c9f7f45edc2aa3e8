import { type Denial, deny } from '../errors/denial.ts'
import { isJsonObject, type JsonObject } from '../json/json.ts'
import { isNumericDate } from '../json/numeric-date.ts'
import { pass, type Result } from '../result.ts'
import { isPartyName } from '../text/party-name.ts'
import { type Actor, listActors, parseActor } from './actor.ts'

/**
 * The verified claims of the first token of a chain: the user's own, whoever has delegated since. All but `exp`, which
 * may only become earlier, stay as they are over every hop.
 */
export interface AssertionClaims extends JsonObject {
  /** Who vouched for the user. */
  readonly iss: string
  /** The user, as `iss` names them. */
  readonly sub: string
  /** When the delegation really ends, in seconds since the epoch. */
  readonly exp: number
}

/** A user as whoever vouched for them names them; only both together tell users apart. */
export interface User {
  readonly issuer: string
  readonly subject: string
}

/** What a delegated token says: for whom, by whom, and until when. */
export interface DelegatedToken {
  /** The user as `sub` names them: mapped where the users of several issuers meet. */
  readonly subject: string
  /** The user as whoever vouched for them does: `assertion.iss` and `assertion.sub`, never mapped. */
  readonly user: User
  /** The client that acts for the user now: the one that the token was issued to. */
  readonly actor: Actor
  /** All actors, the current one first; the others are for audit only. */
  readonly actors: readonly Actor[]
  /** The claims of the first token of the chain. */
  readonly assertion: AssertionClaims
  /** When the delegation ends, in seconds since the epoch: the earlier of `exp` and `assertion.exp`. */
  readonly expiresAt: number
}

/** What `readDelegatedToken` needs besides the claims. */
export interface DelegatedTokenOptions {
  readonly nowSeconds: number
  /** How many actors the chain may have; 4 by default. */
  readonly maxActorDepth?: number
  /**
   * What the hook was told to do with `sub`: `'assertion'`, the default, makes it the user's; `'keep'` leaves
   * the client id, so that only `assertion.sub` names the user. A token of the other kind is refused.
   */
  readonly subject?: 'assertion' | 'keep'
  /**
   * Whether `sub` is right for the user that the claim `assertion` names. By default it must equal `assertion.sub`;
   * where issuers' subjects are mapped, it must be what the mapping makes of it.
   */
  readonly isSubjectOf?: (sub: string, assertion: AssertionClaims) => boolean
}

/** How many actors a chain may have unless configured otherwise. */
export const defaultMaxActorDepth = 4

/**
 * Reads the claims of an access token as a delegated token, or says why it is none. It does not verify the
 * signature, issuer, audience, `nbf` or scopes: that comes before, or (for API A, which has the token from
 * the token endpoint itself) is API B's task.
 *
 * @returns a denial `token_undelegated`, `actor_mismatch`, `subject_mismatch`, `actor_chain_too_deep`,
 * `token_expired` or `token_invalid`
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
 */
export function parseDelegatedToken(
  claims: JsonObject,
  options: DelegatedTokenOptions,
): Result<DelegatedToken, Denial> {
  const { act, assertion, cid, iss, sub, exp } = claims
  if (act === undefined || assertion === undefined) {
    return deny('token_undelegated', 'it has no act or no assertion claim')
  }
  const actor = parseActor(act, options.maxActorDepth ?? defaultMaxActorDepth)
  if (!actor.ok) {
    return actor.fault.code === 'actor_chain_too_deep' ? actor : deny('token_invalid', actor.fault.detail)
  }
  if (actor.value.sub !== cid) return deny('actor_mismatch')
  if (actor.value.iss !== undefined && actor.value.iss !== iss)
    return deny('actor_mismatch', 'another issuer than its own vouches for its actor')
  if (!isPartyName(sub)) return deny('token_invalid', 'sub is unusable')
  const kept = options.subject === 'keep'
  if (!kept && sub === cid) return deny('token_undelegated', 'its subject is the client itself')
  if (kept && sub !== cid)
    return deny('subject_mismatch', 'its subject is not the client, which was to be kept')
  if (!isAssertionClaims(assertion)) return deny('token_invalid', 'assertion lacks a usable iss, sub or exp')
  const { iss: issuer, sub: subject } = assertion
  if (kept && subject === cid)
    return deny('token_undelegated', "its assertion's subject is the client itself")
  if (!kept && !(options.isSubjectOf?.(sub, assertion) ?? subject === sub)) return deny('subject_mismatch')
  if (!isNumericDate(exp)) return deny('token_invalid', 'exp is unusable')
  const expiresAt = Math.min(exp, assertion.exp)
  // A time that is none, such as one left out by a program without types, must not make a token eternal.
  if (!(expiresAt > options.nowSeconds)) return deny('token_expired', 'the token or its assertion has ended')
  return pass({
    subject: kept ? subject : sub,
    user: { issuer, subject },
    actor: actor.value,
    actors: listActors(actor.value),
    assertion,
    expiresAt,
  })
}

function isAssertionClaims(value: JsonObject[string]): value is AssertionClaims {
  return (
    isJsonObject(value) &&
    isPartyName(value['iss']) &&
    isPartyName(value['sub']) &&
    isNumericDate(value['exp'])
  )
}
