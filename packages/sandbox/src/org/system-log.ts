import { randomUUID } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { JsonObject } from './json.ts'
import { type OktaFacts, plays } from './okta-facts.ts'

/** Who or what an event is about. */
export interface LogParty {
  readonly id: string
  readonly type: string
  /** The login of a person. Default `unknown`. */
  readonly alternateId?: string
  readonly displayName: string
}

/** The request that an event came of. */
export interface LogRequest {
  readonly id: string
  /** Path and query, as Okta keeps them: whatever travels in a query ends up here. */
  readonly url: string
  readonly ipAddress: string
  readonly userAgent?: string
}

/** What is written when something happens. */
export interface LogEntry {
  readonly eventType: string
  readonly displayMessage: string
  readonly severity: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'
  readonly outcome: { readonly result: 'SUCCESS' | 'FAILURE' | 'ALLOW' | 'DENY'; readonly reason?: string }
  readonly actor: LogParty
  readonly target: readonly LogParty[]
  readonly request?: LogRequest
  /** Besides what the request says. */
  readonly debugData?: JsonObject
}

/** An event of the System Log: what is particular about it, in the shape of Okta's `LogEvent`. */
export interface LogEvent extends Omit<LogEntry, 'debugData'> {
  readonly uuid: string
  /** ISO 8601 in UTC. */
  readonly published: string
  readonly version: '0'
  readonly debugContext: { readonly debugData: JsonObject }
}

/** How many events are kept; the oldest go first. */
const keptLogEvents = 10_000
/** Among which those of a request that has just been answered are looked for. */
const recentLogEvents = 200

/**
 * The org's System Log, kept in memory. It writes down no token and no secret, but the query of a request's URL,
 * as Okta does.
 */
export class SystemLog {
  readonly #clock: Clock
  readonly #facts: OktaFacts
  #events: LogEvent[] = []
  #listener: ((event: LogEvent) => void) | undefined

  constructor(clock: Clock, facts: OktaFacts = {}) {
    this.#clock = clock
    this.#facts = facts
  }

  /** Has somebody told of every event that is written from now on. */
  listen(listener: (event: LogEvent) => void): void {
    this.#listener = listener
  }

  /** Events, oldest first; of one type when it is given. */
  events(eventType?: string): readonly LogEvent[] {
    return this.#events.filter((event) => eventType === undefined || event.eventType === eventType)
  }

  /** The events that came of one request, oldest first, among the last that were written. */
  eventsOf(requestId: string): readonly LogEvent[] {
    return this.#events.slice(-recentLogEvents).filter(({ request }) => request?.id === requestId)
  }

  /** Takes up exported events in place of its own. */
  restore(events: readonly LogEvent[]): void {
    this.#events = [...events]
  }

  /** Writes an event with the org's time. */
  write({ debugData = {}, ...entry }: LogEntry): void {
    const published = new Date(this.#clock.now()).toISOString()
    const debugContext = { debugData: { ...debugDataOf(entry.request, this.#facts), ...debugData } }
    const event: LogEvent = { uuid: randomUUID(), published, version: '0', ...entry, debugContext }
    this.#events.push(event)
    if (this.#events.length > keptLogEvents) this.#events = this.#events.slice(-keptLogEvents)
    this.#listener?.(event)
  }
}

function debugDataOf(request: LogRequest | undefined, facts: OktaFacts): JsonObject {
  if (request === undefined) return {}
  const { id, url } = request
  const [path = ''] = url.split('?', 1)
  return { requestId: id, requestUri: path, url: plays(facts, 'log-url', 'path and query') ? url : path }
}
