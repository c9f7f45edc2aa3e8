import type { Clock, Denial, Result, RevocationStore } from '@behalf/core'
import type { ConfigFault } from '../errors/config-error.ts'
import type { SecretSource } from '../secrets/secret-source.ts'

/** What `eventHooks()` makes: how an org's events are taken in, as far as it can be told without a hook. */
export interface EventHooks {
  /** Everything that is wrong with it; the hook does not start with any. */
  readonly faults: readonly ConfigFault[]
  /** The org whose events they are, as issuers state it. */
  readonly org: string
  /** The same, with sources in place of texts that say where secrets are, such as ARNs. */
  withSources(sourceOf: (text: string) => SecretSource | undefined): EventHooks
  /** Takes in events for one hook. */
  start(surroundings: EventSurroundings): EventReceiver
}

/** What a hook has for its events. */
export interface EventSurroundings {
  readonly clock: Clock
  readonly store: RevocationStore
  /** How many calls may be under way; more are answered 503 at once. */
  readonly maxConcurrent: number
  /** How many that do not authenticate may wait for secrets, where there are others. */
  readonly maxWaiting: number
  /** Opens the room that a body is kept in while it is read. */
  readonly openSpace: () => EventSpace
  /** Is told what became of every call; must not throw. */
  readonly onEvents: EventSink
}

/** Room for one body; `take` is false when there is none for so many more bytes. */
export interface EventSpace {
  take(bytes: number): boolean
  close(): void
}

/** A call of an event hook as a runtime hands it over. */
export interface EventCall {
  readonly method: string
  /** Every value that was sent under a name in lower case; a `Map` will do. */
  readonly headers: { get(name: string): readonly string[] | undefined }
  /** Reads the body, or says why it could not be read; asked at most once, when the caller is known. */
  readonly body: (space: Pick<EventSpace, 'take'>) => Result<string, Denial> | Promise<Result<string, Denial>>
}

/** What a call of an event hook is answered with. */
export interface EventAnswer {
  readonly status: 200 | 204 | 400 | 401 | 405 | 503
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What is kept of one call: no secret, and of the users nothing but how many they were. */
export interface EventRecord {
  /** When it was answered, ISO 8601. */
  readonly time: string
  readonly eventHook: 'verified' | 'received' | 'refused' | 'failed'
  /** Why it was refused, or why nothing could be noted. */
  readonly detail?: string
  /** Okta's ids of the events that cut users off, by which its System Log finds them; ten at most. */
  readonly eventIds?: readonly string[]
  /** How many users were cut off. */
  readonly users?: number
}

/** Receives what became of every call of an event hook. It must not block. */
export type EventSink = (record: EventRecord) => void

/** Takes in the events of one org. */
export interface EventReceiver {
  /** Answers one call; it never rejects. */
  receive(call: EventCall): Promise<EventAnswer>
  /** Fetches the secrets of sources that are not known yet or aging; returns why that failed. */
  load(): Promise<string | undefined>
  /** Why the last fetch of secrets failed; undefined when it did not. */
  readonly fault: string | undefined
}

/** The largest body that is read: a batch of some hundred events. */
export const maxEventBytes = 1_048_576

/** Says whether a setting is what `eventHooks()` makes; what is wrong with it is for its `faults` to say. */
export function isEventHooks(value: unknown): value is EventHooks {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['withSources', 'start'].every((name) => typeof Reflect.get(value, name) === 'function') &&
    Array.isArray(Reflect.get(value, 'faults'))
  )
}
