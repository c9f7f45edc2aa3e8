import { randomBytes } from 'node:crypto'
import type { CacheOptions, TokenStore } from '@behalf/client'
import { describe, expect, test } from 'vitest'
import { startFixture } from './support/fixture.ts'
import { ProbedStore } from './support/token-store.ts'

describe('what was made of an assertion is forgotten', () => {
  test('with all scopes and resources, and nothing else', async () => {
    const { server, client } = await startFixture()
    const a = client()
    server.audience = ({ query }) => query.get('assertion_resource') ?? 'api://b'
    const [ann, bob] = [server.userToken(), server.userToken({ sub: 'bob@example.com', jti: 'AT.bob' })]
    const calls = [
      { assertion: ann, scopes: ['orders:read'] },
      { assertion: ann, scopes: ['orders:write'], resource: 'api://c' },
      { assertion: bob, scopes: ['orders:read'] },
    ]
    for (const call of calls) await a.acquireToken(call)
    expect(await a.forget(ann)).toBe(true)
    expect(a.statistics()).toMatchObject({ entries: 1 })
    for (const call of calls) await a.acquireToken(call)
    expect(server.tokenRequests).toHaveLength(5)
    await a.forget(ann)
    await a.forget(bob)
    expect(a.statistics()).toMatchObject({ entries: 0, bytes: 0 })
  })

  test('by the exchange that is under way, too: who waits gets the token, and nobody who comes later', async () => {
    const { server, client } = await startFixture()
    const a = client()
    const request = { assertion: server.userToken(), scopes: [] }
    const held = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    server.nextAnswers.push((response) => {
      asked.resolve()
      void held.promise.then(() => {
        const issued = server.delegate(request.assertion, '0oaApiA', [])
        response.end(JSON.stringify({ access_token: issued, token_type: 'Bearer', expires_in: 300 }))
      })
    })
    const slow = a.acquireToken(request)
    await asked.promise
    await a.forget(request.assertion)
    const fresh = await a.acquireToken(request)
    held.resolve()
    expect(await slow).not.toBe(fresh)
    expect(await a.acquireToken(request)).toBe(fresh)
    expect(server.tokenRequests).toHaveLength(2)
  })

  test.each<[string, CacheOptions]>([
    ['open', {}],
    ['encrypted', { encryptionKeys: [randomBytes(32)] }],
  ])('in a store that is %s, also what instances have put there that do not forget', async (_, cache) => {
    const { server, client } = await startFixture()
    const store = new ProbedStore()
    const instance = () => client({ cache: { store, ...cache } })
    const request = { assertion: server.userToken(), scopes: ['orders:read'] }
    await instance().acquireToken(request)
    await instance().acquireToken(request)
    expect(server.tokenRequests).toHaveLength(1)

    expect(await instance().forget(request.assertion)).toBe(true)

    await instance().acquireToken(request)
    await instance().acquireToken(request)
    expect(server.tokenRequests).toHaveLength(2)
  })

  test('and the tokens that this instance knows are taken out of the store', async () => {
    const { server, client } = await startFixture()
    const store = new ProbedStore()
    const a = client({ cache: { store } })
    const request = { assertion: server.userToken(), scopes: ['orders:read'] }
    const { accessToken } = await a.acquireToken(request)
    expect(JSON.stringify([...store.values])).toContain(accessToken)
    await a.forget(request.assertion)
    expect(JSON.stringify([...store.values])).not.toContain(accessToken)
  })

  test('and a store that does not take note is told', async () => {
    const { server, client } = await startFixture()
    const store = new ProbedStore()
    const a = client({ cache: { store } })
    const request = { assertion: server.userToken(), scopes: [] }
    await a.acquireToken(request)
    store.behaviour = 'fail'
    expect(await a.forget(request.assertion)).toBe(false)
    await a.acquireToken(request)
    expect(server.tokenRequests).toHaveLength(2)
  })
})

test('what is no text is not forgotten', async () => {
  const { client } = await startFixture()
  // @ts-expect-error an assertion is a text
  await expect(client().forget(undefined)).rejects.toThrow('forget: assertion: expected an access token')
})

test('a store may answer at once', async () => {
  const { server, client } = await startFixture()
  const values = new Map<string, string>()
  const store: TokenStore = {
    get: (key) => values.get(key),
    set: (key, value) => values.set(key, value),
    delete: (key) => values.delete(key),
  }
  const request = { assertion: server.userToken(), scopes: ['orders:read'] }
  await client({ cache: { store } }).acquireToken(request)
  await client({ cache: { store } }).acquireToken(request)
  expect(server.tokenRequests).toHaveLength(1)
  await client({ cache: { store } }).forget(request.assertion)
  await client({ cache: { store } }).acquireToken(request)
  expect(server.tokenRequests).toHaveLength(2)
})
