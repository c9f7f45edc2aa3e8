import type { Client, TokenRequest } from '@behalf/client'
import { expect, test, vi } from 'vitest'
import { type Fixture, refusal, startFixture } from './support/fixture.ts'

test('a token is asked for once', async () => {
  const { server, client } = await startFixture()
  const a = client()
  const assertion = server.userToken()
  const first = await a.acquireToken({ assertion, scopes: ['orders:read', 'orders:write'] })
  const second = await a.acquireToken({ assertion, scopes: ['orders:write', 'orders:read', 'orders:read'] })
  expect(second).toBe(first)
  expect(server.tokenRequests).toHaveLength(1)
  expect(a.statistics()).toMatchObject({ calls: 2, hits: 1, misses: 1, joined: 0, entries: 1, evictions: 0 })
})

test('what is no scope token is refused, even where a token is held for what it reads as', async () => {
  const { server, client } = await startFixture()
  const a = client()
  const assertion = server.userToken()
  await a.acquireToken({ assertion, scopes: ['orders:read'] })
  const acquire: (request: never) => Promise<unknown> = a.acquireToken
  for (const scope of [['orders:read'], undefined, null, 7, '', 'orders:read ', '"'])
    await expect(Reflect.apply(acquire, undefined, [{ assertion, scopes: [scope] }])).rejects.toThrow(
      new TypeError('acquireToken: scopes: expected scope tokens (RFC 6749 §3.3)'),
    )
  expect(server.tokenRequests).toHaveLength(1)
  expect(a.statistics()).toMatchObject({ calls: 1, hits: 0 })
})

test('skipCache asks again, and what it gets replaces the former token', async () => {
  const { server, client } = await startFixture()
  const a = client()
  const request = { assertion: server.userToken(), scopes: [] }
  const first = await a.acquireToken(request)
  const second = await a.acquireToken({ ...request, skipCache: true })
  expect(second.accessToken).not.toBe(first.accessToken)
  expect(await a.acquireToken(request)).toBe(second)
  expect(server.tokenRequests).toHaveLength(2)
})

test('what is denied now is not served from the cache later', async () => {
  const { server, client } = await startFixture()
  const a = client()
  const request = { assertion: server.userToken(), scopes: [] }
  await a.acquireToken(request)
  const denial = { status: 400, body: { error: 'server_error', error_description: 'policy_denied: No.' } }
  server.nextAnswers.push(denial, denial)
  await refusal(a.acquireToken({ ...request, skipCache: true }))
  expect((await refusal(a.acquireToken(request))).code).toBe('policy_denied')
})

test('what cannot be renewed for the moment is still served', async () => {
  const { server, client } = await startFixture()
  const a = client()
  const request = { assertion: server.userToken(), scopes: [] }
  const first = await a.acquireToken(request)
  server.nextAnswers.push({ status: 429, body: {} })
  await refusal(a.acquireToken({ ...request, skipCache: true }))
  expect(await a.acquireToken(request)).toBe(first)
})

test.each([
  ['the token', 300, 3600, undefined, 240],
  ['the token, with a margin of its own', 300, 3600, 10, 290],
  ['the token, without a margin', 300, 3600, 0, 300],
])('a token is used until the margin before the end of %s', async (_, token, assertion, margin, usable) => {
  const { server, client, clock } = await startFixture()
  server.claims = { exp: clock.seconds + token }
  const a = client(margin === undefined ? {} : { cache: { renewBeforeSeconds: margin } })
  const request = { assertion: server.userToken({ exp: clock.seconds + assertion }), scopes: [] }
  server.nextAnswers.push((response) => {
    const issued = server.delegate(request.assertion, '0oaApiA', [], server.claims)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ access_token: issued, token_type: 'Bearer', expires_in: token }))
  })
  await a.acquireToken(request)

  clock.advance(usable * 1000 - 1)
  await a.acquireToken(request)
  expect(server.tokenRequests).toHaveLength(1)

  server.claims = {}
  clock.advance(1)
  await a.acquireToken(request)
  expect(server.tokenRequests).toHaveLength(2)
})

test('is bounded in entries; the least recently used goes first', async () => {
  const { server, client } = await startFixture()
  const a = client({ cache: { maxEntries: 2 } })
  const [one, two, three] = ['1', '2', '3'].map((jti) => ({
    assertion: server.userToken({ jti }),
    scopes: [],
  }))
  if (one === undefined || two === undefined || three === undefined) throw new Error('unreachable')
  await a.acquireToken(one)
  await a.acquireToken(two)
  await a.acquireToken(one)
  await a.acquireToken(three)
  expect(a.statistics()).toMatchObject({ entries: 2, evictions: 1, misses: 3 })
  await a.acquireToken(one)
  expect(a.statistics().misses).toBe(3)
  await a.acquireToken(two)
  expect(a.statistics().misses).toBe(4)
})

test('is bounded in bytes', async () => {
  const { server, client } = await startFixture()
  const a = client({ cache: { maxBytes: 65_536 } })
  server.claims = { note: 'n'.repeat(15_000) }
  for (let jti = 0; jti < 6; jti++) {
    await a.acquireToken({ assertion: server.userToken({ jti: `${jti}` }), scopes: [] })
    expect(a.statistics().bytes).toBeLessThanOrEqual(65_536)
  }
  expect(a.statistics()).toMatchObject({ entries: 3, evictions: 3 })
})

test('a herd of 1 000 callers makes one token request', async () => {
  const { server, client } = await startFixture()
  const a = client()
  const assertion = server.userToken()
  const call = () => a.acquireToken({ assertion, scopes: ['orders:read'] })
  const tokens = await Promise.all(Array.from({ length: 1000 }, call))
  expect(new Set(tokens).size).toBe(1)
  expect(server.tokenRequests).toHaveLength(1)
  expect(a.statistics()).toMatchObject({ calls: 1000, misses: 1, joined: 999, hits: 0 })
})

test('a herd that skips the cache makes one token request, and does not join one that may use the cache', async () => {
  const { server, client } = await startFixture()
  const a = client()
  const assertion = server.userToken()
  const call = (skipCache: boolean) => () => a.acquireToken({ assertion, scopes: [], skipCache })
  await Promise.all([call(false), ...Array.from({ length: 100 }, () => call(true))].map((ask) => ask()))
  expect(server.tokenRequests).toHaveLength(2)
})

test('a herd shares a failure, and the next call tries again', async () => {
  const { server, client } = await startFixture()
  const a = client()
  const request = { assertion: server.userToken(), scopes: [] }
  server.nextAnswers.push({ status: 400, body: { error: 'invalid_client' } })
  const errors = await Promise.all(Array.from({ length: 50 }, () => refusal(a.acquireToken(request))))
  expect(new Set(errors.map(({ oauthError }) => oauthError))).toEqual(new Set(['invalid_client']))
  expect(server.tokenRequests).toHaveLength(1)
  await a.acquireToken(request)
  expect(server.tokenRequests).toHaveLength(2)
})

test('a caller that gives up does not take the token from the others', async () => {
  const { server, client } = await startFixture()
  const a = client()
  const abort = new AbortController()
  const request = { assertion: server.userToken(), scopes: [] }
  server.nextAnswers.push((response, { query }) => {
    abort.abort(new Error('the caller has gone'))
    const accessToken = server.delegate(query.get('assertion') ?? '', '0oaApiA', [])
    response.writeHead(200).end(JSON.stringify({ access_token: accessToken, token_type: 'Bearer' }))
  })
  const impatient = a.acquireToken({ ...request, signal: abort.signal })
  const patient = a.acquireToken(request)
  await expect(impatient).rejects.toThrow('the caller has gone')
  expect((await patient).subject).toBe('ann@example.com')
  expect(server.tokenRequests).toHaveLength(1)
})

test('when the last caller gives up, so does the request', async () => {
  const { server, client } = await startFixture()
  const a = client()
  const abort = new AbortController()
  const request = { assertion: server.userToken(), scopes: [], signal: abort.signal }
  const closed = new Promise((resolve) => {
    server.nextAnswers.push((response) => {
      response.on('close', resolve)
      abort.abort()
    })
  })
  const calls = [a.acquireToken(request), a.acquireToken(request)]
  for (const call of calls)
    await expect(call).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  await closed
  expect((await a.acquireToken({ ...request, signal: AbortSignal.any([]) })).subject).toBe('ann@example.com')
})

test('a caller that has given up before asks for nothing', async () => {
  const { server, client } = await startFixture()
  const call = client().acquireToken({
    assertion: server.userToken(),
    scopes: [],
    signal: AbortSignal.abort(),
  })
  await expect(call).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  expect(server.tokenRequests).toHaveLength(0)
})

test('no timer is left over', async () => {
  const { server, client, clock } = await startFixture()
  await client().acquireToken({ assertion: server.userToken(), scopes: [] })
  await vi.waitFor(() => expect(clock.pending).toBe(0))
})

/** Begins an exchange whose answer comes when it is released. */
async function beginSlowly(
  client: Client,
  request: TokenRequest & { readonly assertion: string },
  server: Fixture['server'],
  nowSeconds: number,
): Promise<{ readonly slow: Promise<unknown>; readonly release: () => void }> {
  const held = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  server.nextAnswers.push((response) => {
    asked.resolve()
    void held.promise.then(() => {
      const issued = server.delegate(request.assertion, '0oaApiA', [], { exp: nowSeconds + 300 })
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ access_token: issued, token_type: 'Bearer', expires_in: 300 }))
    })
  })
  const slow = client.acquireToken(request)
  await asked.promise
  return { slow, release: held.resolve }
}

test('what an exchange that began earlier brings does not replace what a later one has brought', async () => {
  const { server, client, clock } = await startFixture()
  const a = client()
  const request = { assertion: server.userToken(), scopes: [] }
  const { slow, release } = await beginSlowly(a, request, server, clock.seconds)
  const fresh = await a.acquireToken({ ...request, skipCache: true })
  release()
  expect(await slow).not.toBe(fresh)
  expect(await a.acquireToken(request)).toBe(fresh)
})

test('what an exchange that began earlier brings is not kept after a later one was refused for good', async () => {
  const { server, client, clock } = await startFixture()
  const a = client()
  const request = { assertion: server.userToken(), scopes: [] }
  const { slow, release } = await beginSlowly(a, request, server, clock.seconds)
  const body = { error: 'server_error', error_description: 'policy_denied: No.' }
  server.nextAnswers.push({ status: 400, body })
  expect((await refusal(a.acquireToken({ ...request, skipCache: true }))).code).toBe('policy_denied')
  release()
  await slow
  server.nextAnswers.push({ status: 400, body })
  expect((await refusal(a.acquireToken(request))).code).toBe('policy_denied')
})
