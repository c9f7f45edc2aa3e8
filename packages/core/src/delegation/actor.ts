import { type Denial, deny } from '../errors/denial.ts'
import { isJsonObject, type Json } from '../json/json.ts'
import { pass, type Result } from '../result.ts'
import { isPartyName } from '../text/party-name.ts'

/**
 * One party of an actor chain, as the claim `act` carries it. Nested `act` members are the prior actors;
 * only the outermost actor may drive authorization.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
 */
export interface Actor {
  /** The actor's identifier; the client id when the actor is a client of the token's issuer. */
  readonly sub: string
  /** The issuer that knows the actor by `sub`, when it is not the token's own. */
  readonly iss?: string
  /** What kind of party it is, e.g. `service` or `ai_agent`; Behalf's hook writes the client's `actorProfile`. */
  readonly sub_profile?: string
  /** The actor before this one. */
  readonly act?: Actor
}

/**
 * Reads the claim `act`, keeping identity members only. It does not decide whether the actor may act.
 *
 * @param maxDepth - how many actors the chain may have
 * @returns a denial `actor_not_permitted` when a link is no actor, `actor_chain_too_deep` beyond `maxDepth`
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
 */
export function parseActor(claim: Json | undefined, maxDepth: number): Result<Actor, Denial> {
  if (!isJsonObject(claim)) return deny('actor_not_permitted', 'a link of act is not an object')
  if (maxDepth < 1) return deny('actor_chain_too_deep')
  const { sub, iss, sub_profile: subProfile, act } = claim
  if (!isPartyName(sub)) return deny('actor_not_permitted', 'a link of act has no usable sub')
  if (iss !== undefined && !isPartyName(iss))
    return deny('actor_not_permitted', 'iss of a link of act is unusable')
  if (subProfile !== undefined && !isPartyName(subProfile)) {
    return deny('actor_not_permitted', 'sub_profile of a link of act is unusable')
  }
  const identity = {
    sub,
    ...(iss === undefined ? {} : { iss }),
    ...(subProfile === undefined ? {} : { sub_profile: subProfile }),
  }
  if (act === undefined) return pass(identity)
  const prior = parseActor(act, maxDepth - 1)
  return prior.ok ? pass({ ...identity, act: prior.value }) : prior
}

/**
 * Puts a new current actor in front of a chain.
 *
 * @param prior - the chain so far; absent when the subject has not been acted for yet
 */
export function extendActorChain(current: Omit<Actor, 'act'>, prior: Actor | undefined): Actor {
  return prior === undefined ? { ...current } : { ...current, act: prior }
}

/** Returns the actors of a chain, the current one first. */
export function listActors(outermost: Actor): readonly Actor[] {
  const actors: Actor[] = []
  for (let actor: Actor | undefined = outermost; actor !== undefined; actor = actor.act) actors.push(actor)
  return actors
}

/** Returns those of a chain's actors that are AI agents, as far as whoever vouched for them says so. */
export function listAgents(actors: readonly Actor[]): readonly Actor[] {
  return actors.filter(({ sub_profile: profile }) => profile === 'ai_agent')
}
