import { describe, expect, test } from 'vitest'
import { refusal, startFixture } from './support/fixture.ts'
import { ProbedStore } from './support/token-store.ts'

const orders = 'https://orders.example'
const stock = 'https://stock.example'
const scopes = ['orders:read']

/** A server whose hook gives each token the audience that was asked for. */
async function startServers() {
  const fixture = await startFixture()
  fixture.server.audience = ({ query }) => query.get('assertion_resource') ?? orders
  return { ...fixture, assertion: fixture.server.userToken() }
}

describe('the resource', () => {
  test("is what the call says, else the client's, in a parameter that Okta leaves alone", async () => {
    const { server, client, assertion } = await startServers()
    const a = client({ resource: orders })
    await a.acquireToken({ assertion, scopes })
    await a.acquireToken({ assertion, scopes, resource: stock })
    await client().acquireToken({ assertion, scopes })
    expect(server.tokenRequests.map(({ query }) => [...query])).toEqual([
      [
        ['assertion', assertion],
        ['assertion_resource', orders],
      ],
      [
        ['assertion', assertion],
        ['assertion_resource', stock],
      ],
      [['assertion', assertion]],
    ])
    for (const { form } of server.tokenRequests)
      expect([...form.keys()].toSorted()).toEqual(['grant_type', 'scope'])
  })

  test('keeps the tokens of two APIs apart, and the default is the one that is named', async () => {
    const { server, client, assertion } = await startServers()
    const a = client({ resource: orders })
    const first = await a.acquireToken({ assertion, scopes })
    const other = await a.acquireToken({ assertion, scopes, resource: stock })
    expect(await a.acquireToken({ assertion, scopes, resource: orders })).toBe(first)
    expect(await a.acquireToken({ assertion, scopes, resource: stock })).toBe(other)
    expect(other).not.toBe(first)
    expect(server.tokenRequests).toHaveLength(2)
  })

  test('is what client.fetch asks for', async () => {
    const { server, client, assertion } = await startServers()
    server.claims = { aud: stock }
    const a = client({ resource: orders, allowedOrigins: [new URL(server.issuer).origin] })
    await a.fetch(assertion, { scopes, resource: stock })(`${server.issuer}/.well-known/stock`)
    const error = await refusal(a.fetch(assertion, { scopes })(`${server.issuer}/.well-known/orders`))
    expect(error.code).toBe('token_invalid')
    expect(server.tokenRequests.map(({ query }) => query.get('assertion_resource'))).toEqual([stock, orders])
  })

  test.each([
    [undefined],
    [''],
    [7],
    [[orders]],
    ['https://orders.exämple'],
    [' api://b'],
    ['a'.repeat(256)],
  ])('that is %j is a slip, and no token is asked for', async (resource) => {
    const { server, client, assertion } = await startServers()
    const a = client({ resource: orders, allowedOrigins: ['https://b.example'] })
    const request = { assertion, scopes, resource }
    await expect(Reflect.apply(a.acquireToken, a, [request])).rejects.toThrow(TypeError)
    expect(() => Reflect.apply(a.fetch, a, [assertion, { scopes, resource }])).toThrow(TypeError)
    expect(() => Reflect.apply(client, undefined, [{ resource }])).toThrow(/- resource: expected/)
    expect(server.tokenRequests).toHaveLength(0)
  })
})

const otherAudiences = [stock, [orders], [orders, stock], `${orders}/`, orders.toUpperCase(), undefined, null]

describe('a token with another audience', () => {
  test.each(otherAudiences)('%j is refused', async (aud) => {
    const { server, client, assertion } = await startServers()
    server.claims = { aud }
    const a = client({ resource: orders })
    const error = await refusal(a.acquireToken({ assertion, scopes }))
    expect(error).toMatchObject({
      code: 'token_invalid',
      refusedBy: 'client',
      detail: 'its audience is not exactly the resource',
    })
    expect(a.statistics().entries).toBe(0)
  })

  test.each(otherAudiences)('%j is a miss when it lies in the store', async (aud) => {
    const { server, client, assertion } = await startServers()
    const store = new ProbedStore()
    const request = { assertion, scopes, resource: orders }
    const good = await client({ cache: { store } }).acquireToken(request)
    const { key, value } = store.entry
    const planted = server.delegate(assertion, '0oaApiA', scopes, { aud })
    store.values.set(key, {
      value: JSON.stringify({ ...JSON.parse(String(value)), accessToken: planted }),
      ttlMs: 0,
    })
    const token = await client({ cache: { store } }).acquireToken(request)
    expect(token.accessToken).not.toBe(planted)
    expect(token.accessToken).not.toBe(good.accessToken)
    expect(server.tokenRequests).toHaveLength(2)
  })

  test('is a plain one when the hook did not answer, and is called that', async () => {
    const { server, client, assertion } = await startServers()
    server.claims = {
      sub: '0oaApiA',
      aud: 'https://undelegated.invalid',
      act: undefined,
      assertion: undefined,
    }
    const error = await refusal(client({ resource: orders }).acquireToken({ assertion, scopes }))
    expect(error.code).toBe('token_undelegated')
  })
})
