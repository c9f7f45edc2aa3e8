import type { Json, JsonObject, Result } from '@behalf/core'
import { fail, isJsonObject, isPartyName, pass } from '@behalf/core/internal'

/** An event after which older tokens of some users must not count. */
export interface CutOffEvent {
  /** Okta's id of it. */
  readonly id: string | undefined
  /** Okta's ids of the users. */
  readonly userIds: readonly string[]
  /** Tokens that were issued until then are refused; in seconds since the epoch, with fractions. */
  readonly cutOff: number
}

/** What did not happen, although the event says that somebody tried. */
const withoutEffect: ReadonlySet<Json> = new Set(['FAILURE', 'DENY', 'SKIPPED'])
/** What users do themselves: the actor is whose tokens end. Otherwise that is an administrator, and the target is the user. */
const ownDeeds: ReadonlySet<Json> = new Set(['user.session.end', 'user.session.expire'])
/** As Okta writes times. `Date.parse` reads `1` as a year, and such a time would cut nobody off. */
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/
/** How far Okta's clock may be ahead. A moment beyond would cut a user off for as long as it lies ahead. */
const mostAheadSeconds = 300

/**
 * Reads the body of an event hook's call: the events of the wanted types that had an effect. An event without a usable time
 * cuts off as of now, which is later than it happened.
 *
 * @param text - from a caller that has authenticated
 * @returns why it is no such body, in words that are safe to log
 * @see https://developer.okta.com/docs/concepts/event-hooks/
 */
export function readEvents(
  text: string,
  types: ReadonlySet<string>,
  nowSeconds: number,
): Result<readonly CutOffEvent[], string> {
  const events = listEvents(text)
  if (events === undefined) return fail('the body is no call of an event hook: it has no data.events')
  return pass(
    events.filter(isJsonObject).flatMap((event) => {
      const { eventType, outcome, uuid } = event
      const result = isJsonObject(outcome) ? outcome['result'] : undefined
      if (typeof eventType !== 'string' || !types.has(eventType)) return []
      if (result !== undefined && withoutEffect.has(result)) return []
      const id = isPartyName(uuid) ? uuid : undefined
      return [{ id, userIds: usersOf(event, eventType), cutOff: cutOffOf(event['published'], nowSeconds) }]
    }),
  )
}

function listEvents(text: string): readonly Json[] | undefined {
  let body: Json
  try {
    body = JSON.parse(text)
  } catch {
    return undefined
  }
  const data = isJsonObject(body) ? body['data'] : undefined
  const events = isJsonObject(data) ? data['events'] : undefined
  return Array.isArray(events) ? events : undefined
}

function usersOf({ target, actor }: JsonObject, eventType: string): readonly string[] {
  const parties = ownDeeds.has(eventType) ? [actor ?? null] : Array.isArray(target) ? target : []
  return parties.flatMap((party) => {
    if (!isJsonObject(party) || party['type'] !== 'User') return []
    const { id } = party
    return isPartyName(id) ? [id] : []
  })
}

function cutOffOf(published: Json | undefined, nowSeconds: number): number {
  const seconds =
    typeof published === 'string' && moment.test(published) ? Date.parse(published) / 1_000 : Number.NaN
  return seconds <= nowSeconds + mostAheadSeconds ? seconds : nowSeconds
}
