import { type Actor, type Json, listActors } from '@behalf/core'
import { isJsonObject, isPartyName, parseActor } from '@behalf/core/internal'

const maxActorDepth = 16

/** Returns the actors that a claim `act` names, the current one first, as far as it can be read. */
export function readActors(act: Json | undefined): readonly Actor[] {
  const parsed = parseActor(act, maxActorDepth)
  if (parsed.ok) return listActors(parsed.value)
  return isJsonObject(act) && isPartyName(act['sub']) ? [{ sub: act['sub'] }] : []
}
