import { dialects, inTime, late, userKey } from '@behalf/core/internal'
import { describeError } from '../errors/internal-error.ts'
import { CallerSecrets } from '../secrets/caller-secrets.ts'
import type { SecretSource } from '../secrets/secret-source.ts'
import type { EventAnswer, EventCall, EventReceiver, EventRecord, EventSurroundings } from './event-hooks.ts'
import { readEvents } from './read-events.ts'

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

  constructor(
    secrets: readonly (string | SecretSource)[],
    options: ReceiverOptions,
    surroundings: EventSurroundings,
  ) {
    this.#options = options
    this.#surroundings = surroundings
    this.#secrets = new CallerSecrets(secrets, surroundings.clock)
  }

  load(): Promise<string | undefined> {
    return this.#secrets.load()
  }

  get fault(): string | undefined {
    return this.#secrets.fault
  }

  async receive(call: EventCall): Promise<EventAnswer> {
    const { clock, onEvents } = this.#surroundings
    const answered = await inTime(() => this.#answer(call), { clock, timeoutMs: answerMs }).catch(
      (error: unknown): Answered => {
        const { name, code } = describeError(error)
        return failed(`${name}${code === undefined ? '' : ` (${code})`} was thrown`)
      },
    )
    const [answer, record] = answered === late ? failed('it took too long') : answered
    onEvents({ time: new Date(clock.now()).toISOString(), ...record })
    return answer
  }

  async #answer(call: EventCall): Promise<Answered> {
    const refusal = await this.#whyUnauthenticated(call)
    if (refusal !== undefined) return refused(401, refusal)
    if (call.method === 'GET') return verify(call)
    if (call.method !== 'POST') return refused(405, 'it is neither GET nor POST', { allow: 'GET, POST' })
    const space = this.#surroundings.openSpace()
    try {
      const body = await call.body(space)
      if (body.ok) return await this.#take(body.value)
      const { code, detail = code } = body.fault
      return code === 'request_malformed' ? refused(400, detail) : failed(detail)
    } finally {
      space.close()
    }
  }

  async #whyUnauthenticated({ headers }: EventCall): Promise<string | undefined> {
    const { header } = this.#options
    const [value, ...others] = headers.get(header) ?? []
    if (value === undefined || others.length > 0) return `there is not exactly one header ${header}`
    return (await this.#secrets.accepts(value)) ? undefined : `the header ${header} does not authenticate`
  }

  async #take(text: string): Promise<Answered> {
    const { clock, store } = this.#surroundings
    const { org, types } = this.#options
    const read = readEvents(text, types, clock.now() / 1_000)
    if (!read.ok) return refused(400, read.fault)
    const cutOffs = new Map<string, number>()
    for (const { userIds, cutOff } of read.value)
      for (const uid of userIds) {
        const user = userKey(org, dialects.okta.stableClaims, { uid })
        if (user !== undefined) cutOffs.set(user, Math.max(cutOff, cutOffs.get(user) ?? cutOff))
      }
    await Promise.all([...cutOffs].map(async ([user, cutOff]) => store.raise(user, cutOff)))
    const eventIds = read.value.flatMap(({ id }) => id ?? []).slice(0, 10)
    const unnamed = read.value.some(({ userIds }) => userIds.length === 0)
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
