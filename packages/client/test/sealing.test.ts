import type { ClientOptions, SealOptions } from '@behalf/client'
import { generateSigningKey } from '@behalf/testing'
import { describe, expect, test } from 'vitest'
import { type ReceivedRequest, reply } from './support/authorization-server.ts'
import { assertNoLeak, refusal, startFixture } from './support/fixture.ts'
import { HastyClock } from './support/hasty-clock.ts'
import { HookKeys } from './support/hook-keys.ts'

const denial = (code: string) => ({
  status: 400,
  body: { error: 'server_error', error_description: `${code}: it was refused` },
})

/** A client that seals, a server whose hook opens, and the key `key-1`. */
async function start(options: Partial<ClientOptions> & { readonly seal?: SealOptions } = {}) {
  const fixture = await startFixture()
  const keys = await HookKeys.start('key-1')
  const { server, clock } = fixture
  server.unseal = async (assertion) => String((await keys.open(assertion)).payload['assertion'])
  const a = fixture.client({ seal: { jwksUri: keys.jwksUri }, ...options })
  const assertion = server.userToken()
  return { ...fixture, keys, clock, a, assertion, request: { assertion, scopes: [] } }
}

const sealedIn = ({ query }: ReceivedRequest) => query.get('assertion') ?? ''

test('what travels is a seal for the hook, which holds all that it is good for', async () => {
  const { server, clock, keys, a, assertion } = await start({ resource: 'https://orders.example' })
  server.audience = () => 'https://orders.example'
  const token = await a.acquireToken({ assertion, scopes: ['orders:read'] })
  expect(token.subject).toBe('ann@example.com')
  const [request] = server.tokenRequests
  if (request === undefined) throw new Error('nothing was requested')
  expect([...request.query.keys()]).toEqual(['assertion'])
  const { header, payload } = await keys.open(sealedIn(request))
  expect(header).toEqual({
    alg: 'ECDH-ES',
    enc: 'A256GCM',
    typ: 'sealed-assertion+jwt',
    kid: 'key-1',
    epk: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
  })
  expect(payload).toEqual({
    assertion,
    client_id: '0oaApiA',
    aud: server.issuer,
    resource: 'https://orders.example',
    iat: clock.seconds,
    jti: expect.stringMatching(/^[\w-]{20,}$/),
  })
})

test('without a resource the seal holds none, and a key can be configured as it is', async () => {
  const { server, client, keys, request } = await start()
  await client({ seal: { key: keys.make('key-2') } }).acquireToken(request)
  const { header, payload } = await keys.open(server.tokenRequests.map(sealedIn)[0] ?? '')
  expect(header['kid']).toBe('key-2')
  expect(Object.keys(payload)).not.toContain('resource')
  expect(keys.requests).toBe(0)
})

describe('each attempt has a seal of its own', () => {
  /** What no two seals may share. */
  const distinct = async (keys: HookKeys, requests: readonly ReceivedRequest[]) => {
    const seals = await Promise.all(requests.map((request) => keys.open(sealedIn(request))))
    expect(new Set(seals.map(({ payload }) => payload['jti'])).size).toBe(requests.length)
    expect(new Set(seals.map(({ header }) => JSON.stringify(header['epk']))).size).toBe(requests.length)
    return seals.map(({ payload }) => payload['iat'])
  }

  test('after a failure', async () => {
    const { server, keys, a, request } = await start({ clock: new HastyClock(1_000), random: () => 0.5 })
    server.nextAnswers.push({ status: 503, body: 'down' }, (response) => response.destroy())
    await a.acquireToken(request)
    expect(await distinct(keys, server.tokenRequests)).toHaveLength(3)
  })

  test('with a nonce for the proof of possession', async () => {
    const key = generateSigningKey('dpop', 'ES256')
    const { server, keys, a, request } = await start({
      dpop: { privateKey: key.privateKey.export({ format: 'jwk' }) },
    })
    server.nextAnswers.push(
      { status: 400, body: { error: 'use_dpop_nonce' }, headers: { 'dpop-nonce': 'nonce-1' } },
      denial('policy_denied'),
    )
    expect((await refusal(a.acquireToken(request))).code).toBe('policy_denied')
    expect(await distinct(keys, server.tokenRequests)).toHaveLength(2)
  })

  test.each(['seal_expired', 'seal_replayed'])('after %s, once', async (code) => {
    const { server, keys, a, request } = await start()
    server.nextAnswers.push(denial(code))
    expect((await a.acquireToken(request)).subject).toBe('ann@example.com')
    server.nextAnswers.push(denial(code), denial(code))
    const error = await refusal(a.acquireToken({ ...request, skipCache: true }))
    expect(error).toMatchObject({ code, refusedBy: 'hook', retryable: true })
    expect(await distinct(keys, server.tokenRequests)).toHaveLength(4)
  })
})

describe('a key that the hook does not have', () => {
  const kidsOf = (keys: HookKeys, requests: readonly ReceivedRequest[]) =>
    Promise.all(requests.map(async (each) => (await keys.open(sealedIn(each))).header['kid']))

  test('is replaced by what the hook publishes now', async () => {
    const { server, keys, a, request } = await start()
    await a.acquireToken(request)
    keys.published = [keys.make('key-2')]
    server.nextAnswers.push(denial('seal_key_unknown'))
    await a.acquireToken({ ...request, skipCache: true })
    await a.acquireToken({ ...request, skipCache: true })
    expect(await kidsOf(keys, server.tokenRequests)).toEqual(['key-1', 'key-1', 'key-2', 'key-2'])
    expect(keys.requests).toBe(2)
  })

  test('is replaced once an exchange, and asked for once for all that are refused at a time', async () => {
    const { server, keys, a, request } = await start()
    await a.acquireToken(request)
    server.nextAnswers.push(...Array.from({ length: 4 }, () => denial('seal_key_unknown')))
    for (let exchanges = 0; exchanges < 2; exchanges++) {
      const error = await refusal(a.acquireToken({ ...request, skipCache: true }))
      expect(error).toMatchObject({ code: 'seal_key_unknown', refusedBy: 'hook', retryable: true })
    }
    expect(server.tokenRequests).toHaveLength(5)
    expect(keys.requests).toBe(2)
  })

  test('is the reason of the failure where the set is out of reach then', async () => {
    const { server, keys, a, request } = await start()
    await a.acquireToken(request)
    keys.nextAnswers.push((response) => response.destroy())
    server.nextAnswers.push(denial('seal_key_unknown'))
    const error = await refusal(a.acquireToken({ ...request, skipCache: true }))
    expect(error.code).toBe('seal_key_unknown')
    expect(server.tokenRequests).toHaveLength(2)
  })

  test('is not tried again where it is configured', async () => {
    const { server, client, keys, request } = await start()
    server.nextAnswers.push(denial('seal_key_unknown'))
    const a = client({ seal: { key: keys.make('key-2') } })
    expect((await refusal(a.acquireToken(request))).code).toBe('seal_key_unknown')
    expect(server.tokenRequests).toHaveLength(1)
  })
})

describe('the set', () => {
  test('is asked for once by any number of callers, and anew after ten minutes', async () => {
    const { server, clock, keys, a } = await start()
    const ask = (jti: number) =>
      a.acquireToken({ assertion: server.userToken({ jti: `${jti}` }), scopes: [] })
    await Promise.all([1, 2, 3].map(ask))
    expect(keys.requests).toBe(1)
    keys.published = [keys.make('key-2')]
    clock.advance(601_000)
    await ask(4)
    expect(keys.requests).toBe(2)
    const { header } = await keys.open(server.tokenRequests.map(sealedIn).at(-1) ?? '')
    expect(header['kid']).toBe('key-2')
  })

  test('serves while it is out of reach', async () => {
    const { server, clock, keys, a } = await start()
    await a.acquireToken({ assertion: server.userToken(), scopes: [] })
    clock.advance(601_000)
    keys.nextAnswers.push((response) => reply(response, 503, {}))
    await a.acquireToken({ assertion: server.userToken(), scopes: [] })
    expect([keys.requests, server.tokenRequests.length]).toEqual([2, 2])
  })

  test('gives the first key for encryption that can be sealed for', async () => {
    const { server, keys, a, request } = await start()
    const good = keys.make('good')
    const rsa = generateSigningKey('rsa', 'RS256').publicKey.export({ format: 'jwk' })
    keys.published = [
      null,
      'key',
      { ...keys.make('signs'), use: 'sig' },
      { ...keys.make('says nothing'), use: undefined },
      { ...rsa, use: 'enc', kid: 'rsa' },
      { ...keys.make('wrapped'), alg: 'ECDH-ES+A256KW' },
      { ...keys.make('private'), d: 'AAAA' },
      { ...keys.make('no kid'), kid: undefined },
      { ...keys.make('off the curve'), y: good['x'] },
      good,
      keys.make('later'),
    ]
    await a.acquireToken(request)
    const { header } = await keys.open(server.tokenRequests.map(sealedIn)[0] ?? '')
    expect(header['kid']).toBe('good')
  })
})

describe('nothing is sent in any other form', () => {
  const enc = { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', use: 'enc', kid: 'key-1' }

  test.each<[string, string, (keys: HookKeys) => Parameters<HookKeys['nextAnswers']['push']>[0]]>([
    [
      'is not JSON',
      'answered with something that is not JSON',
      () => (response) => reply(response, 200, 'no'),
    ],
    [
      'is too large',
      'answered with more than 262144 bytes',
      () => (response) => reply(response, 200, '1'.repeat(300_000)),
    ],
    ['is no set', 'holds no key of use enc on P-256', () => (response) => reply(response, 200, [])],
    ['is empty', 'holds no key of use enc on P-256', () => (response) => reply(response, 200, { keys: [] })],
    [
      'has unusable keys',
      'holds no key of use enc on P-256',
      () => (response) => reply(response, 200, { keys: [enc] }),
    ],
    ['breaks off', 'could not be reached (UND_ERR_SOCKET: ', () => (response) => response.destroy()],
  ])('when the set %s', async (_, detail, answer) => {
    const { server, keys, a, request } = await start({ clock: new HastyClock(1_000) })
    keys.nextAnswers.push(...Array.from({ length: 3 }, () => answer(keys)))
    const error = await refusal(a.acquireToken(request), request.assertion)
    expect(error).toMatchObject({ code: 'seal_key_unavailable', refusedBy: 'client', retryable: true })
    expect(error.detail).toContain(`the key set of seal.jwksUri ${detail}`)
    expect(server.tokenRequests).toEqual([])
    // And the next exchange is as good as any.
    expect((await a.acquireToken(request)).subject).toBe('ann@example.com')
  })

  test.each([10_000, 500])(
    'when the set does not come, and the exchange may take %i ms',
    async (timeoutMs) => {
      const { server, clock, keys, a, request } = await start({ timeoutMs })
      keys.nextAnswers.push(() => clock.advance(Math.min(4_000, timeoutMs / 2)))
      const error = await refusal(a.acquireToken(request))
      expect(error.detail).toBe('the key set of seal.jwksUri did not answer in time')
      expect(error).toMatchObject({ code: 'seal_key_unavailable', retryable: true })
      expect(server.tokenRequests).toEqual([])
      expect(keys.requests).toBe(1)
    },
  )

  test.each([
    ['is not there', 404, undefined],
    ['redirects', 302, undefined],
    ['is at a host that nobody knows', undefined, 'ENOTFOUND'],
    ['is behind a certificate of nobody', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ])('for good and asked for once, when the set %s', async (_, status, causeCode) => {
    const { server, client, keys, request } = await start()
    let asked = 0
    const a = client({
      seal: { jwksUri: keys.jwksUri },
      fetch: (url, init) => {
        if (String(url) !== keys.jwksUri) return fetch(url, init)
        asked++
        return status === undefined
          ? Promise.reject(
              new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: causeCode }) }),
            )
          : Promise.resolve(new Response('', { status }))
      },
    })
    const error = await refusal(a.acquireToken(request), request.assertion)
    expect(error).toMatchObject({ code: 'seal_key_unavailable', retryable: false, causeCode })
    if (status !== undefined) expect(error.detail).toBe(`the key set of seal.jwksUri answered ${status}`)
    expect([asked, server.tokenRequests]).toEqual([1, []])
  })

  test('when nobody listens where the set is', async () => {
    const { server, client, keys, request } = await start()
    await keys.close()
    const a = client({ seal: { jwksUri: keys.jwksUri }, clock: new HastyClock(1_000) })
    const error = await refusal(a.acquireToken(request))
    expect(error.detail).toContain('(ECONNREFUSED: ')
    expect(server.tokenRequests).toEqual([])
  })

  test('when the hook refuses every seal', async () => {
    const { server, a, request } = await start()
    server.nextAnswers.push(denial('seal_invalid'))
    expect((await refusal(a.acquireToken(request))).code).toBe('seal_invalid')
    expect(server.tokenRequests.map((each) => sealedIn(each).split('.').length)).toEqual([5])
  })

  test('when the line of the request would be too long, and the error says how long', async () => {
    const warnings: unknown[] = []
    const { server, a } = await start({ onWarning: (warning) => warnings.push(warning) })
    const assertion = server.userToken({ groups: 'g'.repeat(6_000) })
    const error = await refusal(a.acquireToken({ assertion, scopes: [] }), assertion)
    expect(error).toMatchObject({ code: 'assertion_too_large', refusedBy: 'client', retryable: false })
    expect(error.detail).toMatch(/ 1\d{4} bytes long, more than the 8192 that servers commonly accept/)
    expect([server.tokenRequests, warnings]).toEqual([[], []])
  })
})

test.each([
  [1_024, 2_150],
  [2_048, 3_500],
  [4_096, 6_250],
])('a token of %i bytes makes a line of less than %i, which servers accept', async (size, most) => {
  const { server, a } = await start({ resource: 'https://orders.example' })
  server.audience = () => 'https://orders.example'
  const lacking = size - server.userToken({ groups: '' }).length
  const assertion = server.userToken({ groups: 'g'.repeat(Math.ceil((lacking * 3) / 4)) })
  expect(assertion.length).toBeGreaterThanOrEqual(size)
  await a.acquireToken({ assertion, scopes: [] })
  const [url = ''] = server.tokenRequests.map(({ query }) => `${server.issuer}/v1/token?${query}`)
  const line = `POST ${url.slice(new URL(url).origin.length)} HTTP/1.1\r\n`
  expect(line.length).toBeGreaterThan(size)
  expect(line.length).toBeLessThan(most)
})

test('neither form of the assertion is printed by anything', async () => {
  const { server, keys, a, request } = await start()
  const token = await a.acquireToken(request)
  const seals = server.tokenRequests.map(sealedIn)
  assertNoLeak({ a, token, statistics: a.statistics() }, ...seals)
  server.nextAnswers.push(denial('seal_invalid'))
  await refusal(a.acquireToken({ ...request, skipCache: true }), ...seals)
  const { payload } = await keys.open(seals[0] ?? '')
  expect(payload['assertion']).toBe(request.assertion)
})
