import { randomBytes } from 'node:crypto'
import type { CacheOptions } from '@behalf/client'
import Keyv from 'keyv'
import { describe, expect, test } from 'vitest'
import { type Fixture, refusal, startFixture } from './support/fixture.ts'
import { ProbedStore } from './support/token-store.ts'

/** Two instances of API A that share a store. */
async function startPair(one: CacheOptions = {}, two: CacheOptions = one) {
  const fixture = await startFixture()
  const store = new ProbedStore()
  const warnings: string[] = []
  const instance = (cache: CacheOptions) =>
    fixture.client({
      cache: { store, ...cache },
      onWarning: ({ code, message }) => warnings.push(`${code}: ${message}`),
    })
  return { ...fixture, store, warnings, one: instance(one), two: instance(two) }
}

const request = ({ server }: Fixture) => ({ assertion: server.userToken(), scopes: ['orders:read'] })

test('what one instance obtained, the other takes from the store', async () => {
  const pair = await startPair()
  const first = await pair.one.acquireToken(request(pair))
  const second = await pair.two.acquireToken(request(pair))
  expect(second.accessToken).toBe(first.accessToken)
  expect(second).toMatchObject({ expiresAt: first.expiresAt, subject: first.subject, tokenType: 'Bearer' })
  expect(pair.server.tokenRequests).toHaveLength(1)
  expect(pair.two.statistics()).toMatchObject({ calls: 1, storeHits: 1, misses: 0, entries: 1 })
  await pair.two.acquireToken(request(pair))
  expect(pair.store.calls).toEqual(['get', 'get', 'set', 'get', 'get'])
})

test('a Keyv is such a store', async () => {
  const { server, client } = await startFixture()
  const store = new Keyv({ throwOnErrors: true })
  const asked = { assertion: server.userToken(), scopes: ['orders:read'] }
  const first = await client({ cache: { store } }).acquireToken(asked)
  const second = await client({ cache: { store } }).acquireToken(asked)
  expect(second.accessToken).toBe(first.accessToken)
  expect(server.tokenRequests).toHaveLength(1)
})

test('entries end in the store when they end in memory, and name neither token nor user', async () => {
  const pair = await startPair({ encryptionKeys: [randomBytes(32)] })
  const token = await pair.one.acquireToken(request(pair))
  const { key, value, ttlMs } = pair.store.entry
  expect(ttlMs).toBe(240_000)
  expect(key).toMatch(/^behalf:[\w-]{43}$/)
  expect(value).not.toContain(token.accessToken.slice(0, 20))
  expect(Buffer.from(String(value), 'base64url').toString('latin1')).not.toContain('accessToken')
})

test('a token whose time in the store has run out is not taken from it', async () => {
  const pair = await startPair()
  await pair.one.acquireToken(request(pair))
  pair.clock.advance(240_000)
  const asked = pair.server.userToken({
    iat: pair.clock.seconds - 240,
    exp: pair.clock.seconds + 3360,
    auth_time: pair.clock.seconds - 250,
  })
  await pair.two.acquireToken({ assertion: asked, scopes: ['orders:read'] })
  expect(pair.server.tokenRequests).toHaveLength(2)
})

test('skipCache replaces what is in the store', async () => {
  const pair = await startPair()
  await pair.one.acquireToken(request(pair))
  const renewed = await pair.one.acquireToken({ ...request(pair), skipCache: true })
  expect((await pair.two.acquireToken(request(pair))).accessToken).toBe(renewed.accessToken)
})

test('a denial takes the token out of the store', async () => {
  const pair = await startPair()
  await pair.one.acquireToken(request(pair))
  pair.server.nextAnswers.push({
    status: 400,
    body: { error: 'server_error', error_description: 'policy_denied: No.' },
  })
  await pair.one.acquireToken({ ...request(pair), skipCache: true }).catch(() => undefined)
  expect(pair.store.values.size).toBe(0)
})

describe('encrypted', () => {
  const [oldKey, newKey, foreignKey] = [randomBytes(32), randomBytes(32), randomBytes(32)]

  test('values are read while keys are rotated, with either key in front', async () => {
    const pair = await startPair({ encryptionKeys: [oldKey] }, { encryptionKeys: [newKey, oldKey] })
    await pair.one.acquireToken(request(pair))
    await pair.two.acquireToken(request(pair))
    expect(pair.server.tokenRequests).toHaveLength(1)
    await pair.two.acquireToken({ ...request(pair), skipCache: true })
    const third = pair.client({
      cache: { store: pair.store, encryptionKeys: [oldKey, newKey.toString('base64')] },
    })
    await third.acquireToken(request(pair))
    expect(pair.server.tokenRequests).toHaveLength(2)
  })

  test.each<[string, CacheOptions, CacheOptions]>([
    ['another key', { encryptionKeys: [oldKey] }, { encryptionKeys: [foreignKey] }],
    ['no key', { encryptionKeys: [oldKey] }, {}],
    ['a key where values lie open', {}, { encryptionKeys: [oldKey] }],
  ])('values are misses for an instance with %s', async (_, one, two) => {
    const pair = await startPair(one, two)
    await pair.one.acquireToken(request(pair))
    await pair.two.acquireToken(request(pair))
    expect(pair.server.tokenRequests).toHaveLength(2)
    expect(pair.warnings).toEqual([])
  })

  test('every changed byte makes a miss, and so does a value under another name', async () => {
    const pair = await startPair({ encryptionKeys: [oldKey] })
    await pair.one.acquireToken(request(pair))
    const { key, value } = pair.store.entry
    const sealed = Buffer.from(String(value), 'base64url')
    const places = [0, 11, 12, 100, sealed.length - 17, sealed.length - 16, sealed.length - 1]
    for (const [index, place] of places.entries()) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(place) ^ 1, place)
      pair.store.values.set(key, { value: changed.toString('base64url'), ttlMs: 0 })
      const fresh = pair.client({ cache: { store: pair.store, encryptionKeys: [oldKey] } })
      await fresh.acquireToken(request(pair))
      expect(pair.server.tokenRequests).toHaveLength(index + 2)
    }
    const another = { assertion: pair.server.userToken({ jti: 'AT.2' }), scopes: ['orders:read'] }
    await pair.one.acquireToken(another)
    const moved = [...pair.store.values].find(([name]) => name !== key)
    if (moved === undefined) throw new Error('unreachable')
    pair.store.values.set(key, moved[1])
    const asked = pair.server.tokenRequests.length
    await pair.two.acquireToken(request(pair))
    expect(pair.server.tokenRequests).toHaveLength(asked + 1)
  })
})

describe('what the store gives is not believed', () => {
  async function stored(change: (entry: Record<string, unknown>, pair: Fixture) => unknown) {
    const pair = await startPair()
    await pair.one.acquireToken(request(pair))
    const { key, value } = pair.store.entry
    pair.store.values.set(key, { value: change(JSON.parse(String(value)), pair), ttlMs: 0 })
    const token = await pair.two.acquireToken(request(pair))
    return { ...pair, token }
  }

  test.each<[string, unknown]>([
    ['nothing', ''],
    ['no JSON', 'garbage'],
    ['null', null],
    ['a number', 7],
    ['an object', { accessToken: 'x' }],
    ['bytes', Buffer.from('x')],
    ['a JSON list', '[]'],
    ['deep JSON', '{"a":{"b":{}}}'],
  ])('%s is a miss', async (_, value) => {
    const { server, warnings } = await stored(() => value)
    expect(server.tokenRequests).toHaveLength(2)
    expect(warnings).toEqual([])
  })

  test.each<[string, (entry: Record<string, unknown>, fixture: Fixture) => unknown]>([
    ['another key', (entry) => ({ ...entry, key: 'A'.repeat(43) })],
    ['no token', ({ accessToken, ...entry }) => entry],
    ['no end', ({ expiresAt, ...entry }) => entry],
    ['another type', (entry) => ({ ...entry, tokenType: 'mac' })],
    ['a bound token', (entry) => ({ ...entry, tokenType: 'DPoP' })],
    [
      'a token for another user',
      (entry, { server }) => ({
        ...entry,
        accessToken: server.delegate(server.userToken({ sub: 'eve@example.com' }), '0oaApiA', [
          'orders:read',
        ]),
      }),
    ],
    [
      'a token for another client',
      (entry, { server }) => ({
        ...entry,
        accessToken: server.delegate(server.userToken(), '0oaApiC', ['orders:read']),
      }),
    ],
    [
      'a plain machine token',
      (entry, { server }) => ({
        ...entry,
        accessToken: server.sign({ sub: '0oaApiA', act: undefined, assertion: undefined }),
      }),
    ],
    [
      'a token that ends within the margin',
      (entry, { server, clock }) => ({
        ...entry,
        accessToken: server.delegate(server.userToken(), '0oaApiA', ['orders:read'], {
          iat: clock.seconds - 240,
          exp: clock.seconds + 60,
        }),
      }),
    ],
    ...[['orders:read', 'orders:write'], ['orders:write'], []].map(
      (scopes): [string, (entry: Record<string, unknown>, fixture: Fixture) => unknown] => [
        `a token of the same user and client with the scopes [${scopes}]`,
        (entry, { server }) => ({
          ...entry,
          accessToken: server.delegate(server.userToken(), '0oaApiA', scopes),
        }),
      ],
    ),
  ])('an entry with %s is a miss', async (_, change) => {
    const { server, token } = await stored((entry, fixture) => JSON.stringify(change(entry, fixture)))
    expect(server.tokenRequests).toHaveLength(2)
    expect(token.subject).toBe('ann@example.com')
    expect(token.actors[0]?.sub).toBe('0oaApiA')
  })

  test.each<[string, CacheOptions, number]>([
    ['is not believed about scopes that nobody named', {}, 2],
    ['is believed about them when it is encrypted', { encryptionKeys: [randomBytes(32)] }, 1],
  ])('a store %s', async (_, cache, tokenRequests) => {
    const pair = await startPair(cache)
    const asked = { ...request(pair), scopes: [] }
    await pair.one.acquireToken(asked)
    await pair.two.acquireToken(asked)
    expect(pair.server.tokenRequests).toHaveLength(tokenRequests)
  })

  test('an entry that claims a later end does not prolong the token', async () => {
    const { server, token, clock } = await stored((entry) =>
      JSON.stringify({ ...entry, expiresAt: 4102444800 }),
    )
    expect(server.tokenRequests).toHaveLength(1)
    expect(token.expiresAt).toBe(clock.seconds + 300)
  })
})

describe('a store that is down', () => {
  test.each(['fail', 'throw'] as const)(
    'and lets calls %s is bypassed, and said so once',
    async (behaviour) => {
      const pair = await startPair()
      pair.store.behaviour = behaviour
      const asked = ['1', '2', '3'].map((jti) => ({ assertion: pair.server.userToken({ jti }), scopes: [] }))
      for (const one of asked) {
        await pair.one.acquireToken(one)
        pair.clock.advance(1_000)
      }
      expect(pair.server.tokenRequests).toHaveLength(3)
      expect(pair.warnings).toEqual([
        'store_unavailable: The token store failed and is bypassed until it answers.',
      ])
      expect(pair.store.calls.length).toBeLessThanOrEqual(6)
    },
  )

  test('is left alone for a second after each failure, and used again afterwards', async () => {
    const pair = await startPair()
    pair.store.behaviour = 'fail'
    await pair.one.acquireToken(request(pair))
    await pair.one.acquireToken({ ...request(pair), skipCache: true })
    expect(pair.store.calls).toEqual(['get'])
    pair.store.behaviour = 'well'
    pair.clock.advance(1_000)
    await pair.one.acquireToken({ ...request(pair), skipCache: true })
    expect(pair.store.calls).toEqual(['get', 'get', 'set'])
    pair.store.behaviour = 'fail'
    await pair.one.acquireToken({ ...request(pair), skipCache: true })
    expect(pair.warnings).toHaveLength(2)
  })

  test('and hangs costs no more than its time-out', async () => {
    const pair = await startPair()
    pair.store.behaviour = 'hang'
    const call = pair.one.acquireToken(request(pair))
    await Promise.resolve()
    expect(pair.store.calls).toEqual(['get'])
    pair.clock.advance(199)
    expect(pair.server.tokenRequests).toHaveLength(0)
    pair.clock.advance(1)
    expect((await call).subject).toBe('ann@example.com')
    expect(pair.warnings).toEqual([
      'store_unavailable: The token store did not answer within 200 ms and is bypassed until it answers.',
    ])
  })
})

describe('a slow read of the store', () => {
  /** The second instance reads what the first has stored, and does not get it before it is released. */
  async function readSlowly() {
    const pair = await startPair()
    await pair.one.acquireToken(request(pair))
    const held = Promise.withResolvers<void>()
    pair.store.delay = held.promise
    const slow = pair.two.acquireToken(request(pair))
    pair.store.delay = undefined
    return { ...pair, slow, release: held.resolve }
  }

  test('does not bring back what a later exchange has replaced', async () => {
    const pair = await readSlowly()
    const fresh = await pair.two.acquireToken({ ...request(pair), skipCache: true })
    pair.release()
    expect(await pair.slow).toBe(fresh)
    expect(await pair.two.acquireToken(request(pair))).toBe(fresh)
  })

  test('does not bring back what a denial has taken away', async () => {
    const pair = await readSlowly()
    const denial = { status: 400, body: { error: 'server_error', error_description: 'policy_denied: No.' } }
    pair.server.nextAnswers.push(denial, denial)
    const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code
    expect(await codeOf(pair.two.acquireToken({ ...request(pair), skipCache: true }))).toBe('policy_denied')
    pair.release()
    expect(await codeOf(pair.slow)).toBe('policy_denied')
  })
})
