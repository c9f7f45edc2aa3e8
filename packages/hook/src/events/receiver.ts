import { dialects, inTime, late, Places, userKey } from '@behalf/core/internal'
import { describeError } from '../errors/internal-error.ts'
import { CallerSecrets } from '../secrets/caller-secrets.ts'
import type { SecretSource } from '../secrets/secret-source.ts'
import type { EventAnswer, EventCall, EventReceiver, EventRecord, EventSurroundings } from './event-hooks.ts'
import { raiseCutOffs } from './raise-cut-offs.ts'
import { type CutOffEvent, readEvents } from './read-events.ts'

/** How events are taken in, with every default filled in. */
export interface ReceiverOptions {
  readonly org: string
  /** In lower case. */
  readonly header: string
  readonly types: ReadonlySet<string>
}

type Answered = readonly [EventAnswer, Omit<EventRecord, 'time'>]

/** Okta waits 3 000 ms, and tries once more. */
const answerMs = 2_500
const challengeHeader = 'x-okta-verification-challenge'
const maxChallengeLength = 1_024

/**
 * The event hook of one org. Events may come in any order, more than once and late: each only ever moves a user's cut-off to
 * the time that the event itself names, and never back.
 */
export class KeptReceiver implements EventReceiver {
  readonly #options: ReceiverOptions
  readonly #surroundings: EventSurroundings
  readonly #secrets: CallerSecrets
  readonly #calls: Places

  constructor(
    secrets: readonly (string | SecretSource)[],
    options: ReceiverOptions,
    surroundings: EventSurroundings,
  ) {
    this.#options = options
    this.#surroundings = surroundings
    this.#secrets = new CallerSecrets(secrets, surroundings.clock, surroundings.maxWaiting)
    this.#calls = new Places(surroundings.maxConcurrent)
  }

  load(): Promise<string | undefined> {
    return this.#secrets.load()
  }

  get fault(): string | undefined {
    return this.#secrets.fault
  }

  async receive(call: EventCall): Promise<EventAnswer> {
    const { clock, onEvents } = this.#surroundings
    const [answer, record] = await this.#inTime(call)
    onEvents({ time: new Date(clock.now()).toISOString(), ...record })
    return answer
  }

  async #inTime(call: EventCall): Promise<Answered> {
    const { clock } = this.#surroundings
    if (!this.#calls.take()) return failed('too many calls are under way')
    const answering = async (signal: AbortSignal): Promise<Answered> => {
      try {
        return await this.#answer(call, signal)
      } finally {
        this.#calls.release()
      }
    }
    try {
      const answered = await inTime(answering, { clock, timeoutMs: answerMs })
      return answered === late ? failed('it took too long') : answered
    } catch (error) {
      const { name, code } = describeError(error)
      return failed(`${name}${code === undefined ? '' : ` (${code})`} was thrown`)
    }
  }

  async #answer(call: EventCall, signal: AbortSignal): Promise<Answered> {
    const refusal = await this.#whyUnauthenticated(call)
    if (refusal !== undefined) return refusal
    if (call.method === 'GET') return verify(call)
    if (call.method !== 'POST') return refused(405, 'it is neither GET nor POST', { allow: 'GET, POST' })
    const events = await this.#read(call)
    return 'refusal' in events ? events.refusal : this.#cutOff(events.read, signal)
  }

  async #whyUnauthenticated({ headers }: EventCall): Promise<Answered | undefined> {
    const { header } = this.#options
    const [value, ...others] = headers.get(header) ?? []
    if (value === undefined || others.length > 0)
      return refused(401, `there is not exactly one header ${header}`)
    if (await this.#secrets.accepts(value)) return undefined
    const { fault } = this.#secrets
    // Okta's event would be lost by a refusal, which is for good.
    return fault === undefined
      ? refused(401, `the header ${header} does not authenticate`)
      : failed(`the header ${header} does not authenticate; the secrets could not be fetched: ${fault}`)
  }

  /** Reads the body and keeps no more of it than the events. */
  async #read(
    call: EventCall,
  ): Promise<{ readonly read: readonly CutOffEvent[] } | { readonly refusal: Answered }> {
    const space = this.#surroundings.openSpace()
    try {
      const body = await call.body(space)
      if (!body.ok) {
        const { code, detail = code } = body.fault
        return { refusal: code === 'request_malformed' ? refused(400, detail) : failed(detail) }
      }
      const read = readEvents(body.value, this.#options.types, this.#surroundings.clock.now() / 1_000)
      return read.ok ? { read: read.value } : { refusal: refused(400, read.fault) }
    } finally {
      space.close()
    }
  }

  async #cutOff(events: readonly CutOffEvent[], signal: AbortSignal): Promise<Answered> {
    const { clock, store } = this.#surroundings
    const cutOffs = new Map<string, number>()
    for (const { userIds, cutOff } of events)
      for (const uid of userIds) cutOffs.set(uid, Math.max(cutOff, cutOffs.get(uid) ?? cutOff))
    const raise = (uid: string, cutOff: number): unknown => {
      const user = userKey(this.#options.org, dialects.okta.stableClaims, { uid })
      return user === undefined ? undefined : store.raise(user, cutOff)
    }
    await raiseCutOffs(cutOffs, raise, { clock, signal })
    const eventIds = events.flatMap(({ id }) => id ?? []).slice(0, 10)
    const unnamed = events.some(({ userIds }) => userIds.length === 0)
    return [
      { status: 204, headers: {}, body: '' },
      {
        eventHook: 'received',
        ...(eventIds.length === 0 ? {} : { eventIds }),
        users: cutOffs.size,
        ...(unnamed ? { detail: 'an event names no user' } : {}),
      },
    ]
  }
}

/** Proves once to Okta that the URL is ours. */
function verify({ headers }: EventCall): Answered {
  const [verification = '', ...others] = headers.get(challengeHeader) ?? []
  if (verification === '' || verification.length > maxChallengeLength || others.length > 0)
    return refused(400, `there is not exactly one usable header ${challengeHeader}`)
  return [
    {
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
      body: JSON.stringify({ verification }),
    },
    { eventHook: 'verified' },
  ]
}

function refused(status: 400 | 401 | 405, detail: string, headers: EventAnswer['headers'] = {}): Answered {
  return [
    { status, headers, body: '' },
    { eventHook: 'refused', detail },
  ]
}

/** Another try may do better, and Okta makes one. */
function failed(detail: string): Answered {
  return [
    { status: 503, headers: { 'retry-after': '1' }, body: '' },
    { eventHook: 'failed', detail },
  ]
}
