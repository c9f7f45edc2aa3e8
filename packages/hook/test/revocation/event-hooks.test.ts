import { memoryRevocations, type RevocationStore } from '@behalf/core'
import { userKey } from '@behalf/core/internal'
import type { BehalfConfig } from '@behalf/hook'
import {
  type EventAnswer,
  type EventCall,
  type EventHooksOptions,
  type EventRecord,
  eventHooks,
} from '@behalf/hook/events'
import { HookBench } from '@behalf/testing/hook'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let bench: HookBench
beforeAll(async () => {
  bench = await HookBench.start()
})
afterAll(() => bench.close())

const secret = 'event-secret-0123456789'
const keyOf = (uid: string): string => userKey('example', ['uid'], { uid }) ?? ''

function configured(
  options: Partial<EventHooksOptions> = {},
  store = memoryRevocations(),
): Partial<BehalfConfig> {
  const events = eventHooks({ org: 'example', secrets: [secret], ...options })
  const issuers = bench.config().issuers.map((issuer) => ({ ...issuer, org: 'example' }))
  return { issuers, revocation: { store, whenUnavailable: 'deny', events } }
}

/** A receiver, its store, and what was recorded. */
function start(
  options: Partial<EventHooksOptions> = {},
  store: RevocationStore = memoryRevocations(),
  limits: BehalfConfig['limits'] = {},
) {
  const records: EventRecord[] = []
  const config = { ...configured(options, store), limits }
  const { events } = bench.hook(config, { onEvents: (record) => records.push(record) })
  if (events === undefined) throw new Error('no events are taken in')
  return {
    store,
    records,
    cutOffOf: (uid: string) => store.find(keyOf(uid)),
    receive: (call: Partial<Omit<EventCall, 'body'>> & { readonly body?: unknown; readonly text?: string }) =>
      events.receive({
        method: 'POST',
        headers: new Map([['authorization', [secret]]]),
        ...call,
        body: () => ({ ok: true, value: call.text ?? JSON.stringify(call.body) }),
      }),
  }
}

interface Told {
  readonly type?: string
  readonly uid?: string
  readonly atSeconds?: number
  readonly changes?: object
}

/** An event as Okta tells it. */
function told({
  type = 'user.lifecycle.suspend',
  uid = '00uAnn',
  atSeconds,
  changes = {},
}: Told = {}): object {
  const published = new Date((atSeconds ?? bench.clock.seconds) * 1_000).toISOString()
  return {
    uuid: 'event-1',
    published,
    eventType: type,
    version: '0',
    outcome: { result: 'SUCCESS', reason: null },
    actor: { id: '00uAdmin', type: 'User', alternateId: 'admin@example.com', displayName: 'Admin' },
    target: [{ id: uid, type: 'User', alternateId: 'ann@example.com', displayName: 'Ann' }],
    ...changes,
  }
}

const batch = (...events: readonly unknown[]): object => ({
  eventType: 'com.okta.event_hook',
  eventTypeVersion: '1.0',
  cloudEventsVersion: '0.1',
  source: 'https://example.okta.com/api/v1/eventHooks/who1',
  eventId: 'call-1',
  contentType: 'application/json',
  data: { events },
})

describe('an event', () => {
  it.each([
    'user.lifecycle.suspend',
    'user.lifecycle.deactivate',
    'user.session.clear',
    'user.authentication.universal_logout',
  ])('%s cuts its user off at the time that it names', async (type) => {
    const { receive, cutOffOf, records } = start()
    const atSeconds = bench.clock.seconds - 5.25
    expect(await receive({ body: batch(told({ type, atSeconds })) })).toMatchObject({ status: 204, body: '' })
    expect(cutOffOf('00uAnn')).toBe(atSeconds)
    expect(cutOffOf('00uAdmin')).toBeUndefined()
    expect(records).toMatchObject([{ eventHook: 'received', users: 1, eventIds: ['event-1'] }])
    expect(JSON.stringify(records)).not.toMatch(/00uAnn|ann@|secret/)
  })

  it('of another type, or that had no effect, cuts nobody off', async () => {
    const { receive, cutOffOf } = start()
    for (const event of [
      told({ type: 'user.session.end' }),
      told({ type: 'user.lifecycle.create' }),
      ...['FAILURE', 'DENY', 'SKIPPED'].map((result) => told({ changes: { outcome: { result } } })),
      told({ changes: { target: [{ id: '00uAnn', type: 'AppUser' }] } }),
      told({ changes: { target: null } }),
      null,
      'text',
    ])
      expect(await receive({ body: batch(event) })).toMatchObject({ status: 204 })
    expect([cutOffOf('00uAnn'), cutOffOf('00uAdmin')]).toEqual([undefined, undefined])
  })

  it('can be of other types by choice; an ordinary sign-out is of whoever does it', async () => {
    const { receive, cutOffOf } = start({ types: ['user.session.end', 'group.user_membership.remove'] })
    await receive({
      body: batch(
        told({ type: 'user.session.end', uid: '00uTarget' }),
        told({ type: 'group.user_membership.remove', uid: '00uAnn' }),
        told({ type: 'user.lifecycle.suspend', uid: '00uBob' }),
      ),
    })
    expect(['00uAdmin', '00uAnn', '00uTarget', '00uBob'].map((uid) => cutOffOf(uid) !== undefined)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('may come in any order, again and in batches: the cut-off only moves later', async () => {
    const { receive, cutOffOf } = start()
    const now = bench.clock.seconds
    await receive({
      body: batch(told({ atSeconds: now - 10 }), told({ atSeconds: now - 90 }), told({ uid: '00uBob' })),
    })
    for (const atSeconds of [now - 50, now - 10, now - 90])
      await receive({ body: batch(told({ atSeconds })) })
    expect([cutOffOf('00uAnn'), cutOffOf('00uBob')]).toEqual([now - 10, now])
  })

  it.each(['', 'yesterday', '1', '2001-01-01', null, 7, '9999-01-01T00:00:00.000Z'])(
    'with %j for its time cuts off as of now',
    async (published) => {
      const { receive, cutOffOf } = start()
      await receive({ body: batch(told({ changes: { published } })) })
      expect(cutOffOf('00uAnn')).toBe(bench.clock.now() / 1_000)
    },
  )

  it('of hundreds of users at once is taken in as a whole', async () => {
    const { receive, cutOffOf } = start()
    const events = Array.from({ length: 400 }, (_, index) => told({ uid: `00u${index}` }))
    expect(await receive({ body: batch(...events) })).toMatchObject({ status: 204 })
    expect([cutOffOf('00u0'), cutOffOf('00u399')]).toEqual([bench.clock.seconds, bench.clock.seconds])
  })
})

describe('a call', () => {
  it.each([
    ['no secret', new Map<string, string[]>()],
    ['another secret', new Map([['authorization', ['event-secret-0123456788']]])],
    ['a part of it', new Map([['authorization', [secret.slice(0, -1)]]])],
    ['a scheme before it', new Map([['authorization', [`Bearer ${secret}`]]])],
    ['it twice', new Map([['authorization', [secret, secret]]])],
    ["the hook's own secret", new Map([['authorization', ['hook-secret-0123456789']]])],
  ])('with %s is refused before its body is read, and cuts nobody off', async (_name, headers) => {
    const { receive, cutOffOf, records } = start()
    let read = false
    const body = {
      toJSON: () => {
        read = true
        return batch(told())
      },
    }
    expect(await receive({ headers, body })).toMatchObject({ status: 401, body: '' })
    expect(
      await receive({
        method: 'GET',
        headers: new Map([...headers, ['x-okta-verification-challenge', ['c']]]),
      }),
    ).toMatchObject({ status: 401 })
    expect([cutOffOf('00uAnn'), read]).toEqual([undefined, false])
    expect(records).toHaveLength(2)
  })

  it('may bring the secret in another header', async () => {
    const { receive } = start({ header: 'X-Event-Secret' })
    const headers = new Map([['x-event-secret', [secret]]])
    expect((await receive({ headers, body: batch() })).status).toBe(204)
    expect((await receive({ body: batch() })).status).toBe(401)
  })

  it('asks once for a proof that the URL is ours', async () => {
    const { receive, records } = start()
    const headers = (...values: string[]) =>
      new Map([
        ['authorization', [secret]],
        ['x-okta-verification-challenge', values],
      ])
    const verify = (...values: string[]): Promise<EventAnswer> =>
      receive({ method: 'GET', headers: headers(...values) })
    expect(await verify('Me_rShK8"<script>')).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
      body: '{"verification":"Me_rShK8\\"<script>"}',
    })
    for (const values of [[], [''], ['a', 'b'], ['x'.repeat(1_025)]])
      expect((await verify(...values)).status).toBe(400)
    expect(records.map(({ eventHook }) => eventHook)).toEqual(['verified', ...Array(4).fill('refused')])
  })

  it.each(['', '[]', 'null', '{}', '{"data":{}}', '{"data":{"events":{}}}', '{"data":', '\u0000'])(
    'with the body %j is refused for good',
    async (text) => expect((await start().receive({ text })).status).toBe(400),
  )

  it('by another method is refused', async () => {
    expect(await start().receive({ method: 'PUT' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, POST' },
    })
  })

  it('is answered 503, so that Okta tries again, when the store fails or hangs', async () => {
    const broken: readonly (() => unknown)[] = [
      () => Promise.reject(new Error('00uAnn')),
      () => {
        throw new Error('00uAnn')
      },
    ]
    for (const raise of broken) {
      const { receive, records } = start({}, { find: () => undefined, raise })
      expect(await receive({ body: batch(told()) })).toMatchObject({ status: 503 })
      expect(records).toEqual([expect.objectContaining({ eventHook: 'failed', detail: 'Error was thrown' })])
    }
    const { receive } = start({}, { find: () => undefined, raise: () => new Promise(() => undefined) })
    const hanging = receive({ body: batch(told()) })
    bench.clock.advance(2_500)
    expect((await hanging).status).toBe(503)
  })
})

describe('callers who are not known yet', () => {
  const withHeader = (value: string) => ({
    headers: new Map([['authorization', [value]]]),
    body: batch(told()),
  })

  it('wait for a source that hangs in no more places than there are, and as long as it may take', async () => {
    const { promise, resolve } = Promise.withResolvers<readonly string[]>()
    const { receive, records, cutOffOf } = start({ secrets: () => promise }, undefined, {
      maxConcurrentRequests: 4,
    })
    const waiting = Array.from({ length: 4 }, (_, index) =>
      receive(withHeader(index === 0 ? secret : `guess-${index}`)),
    )
    const others = await Promise.all(Array.from({ length: 100 }, () => receive(withHeader('guess'))))
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set([503]))
    expect(records).toHaveLength(100)
    expect(new Set(records.map(({ detail }) => detail))).toEqual(new Set(['too many calls are under way']))
    resolve([secret])
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([204, 401, 401, 401])
    expect(cutOffOf('00uAnn')).toBeDefined()
    expect((await receive(withHeader(secret))).status).toBe(204)
  })

  it('are told to try again, and not that they are nobody, while the secrets cannot be fetched', async () => {
    const { receive, records } = start({ secrets: () => new Promise(() => undefined) })
    const call = receive(withHeader(secret))
    bench.clock.advance(800)
    expect((await call).status).toBe(503)
    expect(records).toMatchObject([
      {
        eventHook: 'failed',
        detail: expect.stringContaining('could not be fetched: they did not arrive in time'),
      },
    ])
  })
})

describe('one call that names very many users', () => {
  const crowd = (count: number) => ({
    body: batch(
      told({
        changes: {
          target: Array.from({ length: count }, (_, index) => ({ type: 'User', id: `00u${index}` })),
        },
      }),
    ),
  })
  /** Lets time pass until a call is answered. */
  const answered = async (call: Promise<EventAnswer>, stepMs = 0): Promise<EventAnswer> => {
    let answer: EventAnswer | undefined
    const settled = call.then((settling) => {
      answer = settling
    })
    while (answer === undefined) {
      await new Promise(setImmediate)
      bench.clock.advance(stepMs)
    }
    await settled
    return answer
  }

  it('cuts off those, and hardly anybody else', async () => {
    const { receive, cutOffOf } = start()
    expect((await answered(receive(crowd(12_000)))).status).toBe(204)
    const isCutOff = (prefix: string) => (_: unknown, index: number) =>
      cutOffOf(`${prefix}${index}`) === bench.clock.seconds
    expect(Array.from({ length: 12_000 }, isCutOff('00u'))).not.toContain(false)
    const others = Array.from({ length: 12_000 }, isCutOff('00uOther')).filter(Boolean)
    expect(others.length).toBeLessThan(30)
  })

  it('leaves room for others meanwhile, in the store and in the process', async () => {
    let underWay = 0
    let most = 0
    let raised = 0
    let othersTurns = 0
    const raise = async () => {
      most = Math.max(most, ++underWay)
      raised++
      await Promise.resolve()
      underWay--
    }
    const { receive } = start({}, { find: () => undefined, raise })
    const call = receive(crowd(5_000))
    while (raised < 4_999) {
      await new Promise(setImmediate)
      bench.clock.advance(0)
      othersTurns++
    }
    expect((await answered(call)).status).toBe(204)
    expect([raised, most]).toEqual([5_000, 16])
    expect(othersTurns).toBeGreaterThan(8)
  })

  it('goes on with the others when one could not be noted, and ends with its time', async () => {
    const raised: string[] = []
    const raise = (user: string) => {
      raised.push(user)
      if (raised.length === 1) throw new Error('down')
    }
    const { receive, records } = start({}, { find: () => undefined, raise })
    expect((await receive(crowd(100))).status).toBe(503)
    expect(raised).toHaveLength(100)
    expect(records).toMatchObject([{ eventHook: 'failed', detail: 'Error was thrown' }])

    let begun = 0
    const hanging = start(
      {},
      {
        find: () => undefined,
        raise: () => {
          begun++
          return new Promise(() => undefined)
        },
      },
      { maxConcurrentRequests: 1 },
    )
    expect((await answered(hanging.receive(crowd(100)), 100)).status).toBe(503)
    expect(begun).toBe(16)
    // What hangs keeps no place.
    expect((await hanging.receive({ text: '' })).status).toBe(400)
    expect(begun).toBe(16)
  })
})

describe('a configuration', () => {
  const faultsOf = (options: object): string => {
    try {
      bench.hook(configured(options))
      return ''
    } catch (error) {
      return String(error)
    }
  }

  it.each([
    [{ org: 'another' }, "revocation.events.org: is the org of no issuer of Okta's"],
    [{ org: '' }, 'revocation.events.org: must be'],
    [{ secrets: [undefined] }, 'revocation.events.secrets.0: is missing'],
    [{ secrets: ['short'] }, 'must have at least 16 characters'],
    [{ secrets: [] }, 'must hold at least one secret'],
    [{ types: [] }, 'revocation.events.types: must name at least one'],
    [{ types: ['Suspend!'] }, 'must be a type of events'],
    [{ typos: [] }, 'revocation.events.typos: is not a known setting'],
  ])('with %j is refused', (options, fault) => {
    expect(faultsOf(options)).toContain(fault)
  })

  it('of an org whose users are known otherwise than by uid is refused, too', () => {
    const { issuers, revocation } = configured()
    const others = Object(issuers).map((issuer: object) => ({ ...issuer, dialect: 'keycloak' }))
    expect(() => bench.hook(Object({ issuers: others, revocation }))).toThrow(
      "is the org of no issuer of Okta's",
    )
  })
})
