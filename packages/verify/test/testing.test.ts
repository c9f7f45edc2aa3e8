import { listen, ManualClock } from '@behalf/testing'
import { createVerifier, type Verifier } from '@behalf/verify'
import { requireAccess } from '@behalf/verify/hono'
import { createTestIssuer } from '@behalf/verify/testing'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { refusalOf } from './setup.ts'

/** An API as its author writes it. */
function ordersApi(verifier: Verifier): Hono {
  const app = new Hono()
  app.get('/orders', requireAccess(verifier, { requiredScopes: ['orders:read'] }), (c) =>
    c.json({ ordersOf: c.var.access.subject, askedBy: c.var.access.actors.map(({ sub }) => sub) }),
  )
  return app
}

describe('an API under test', () => {
  const testIssuer = createTestIssuer({ audience: 'api://orders' })
  const { issuer, fetch } = testIssuer
  const api = ordersApi(createVerifier({ issuer, fetch, audience: 'api://orders' }))
  const get = (token: string): Response | Promise<Response> =>
    api.request('/orders', { headers: { authorization: `Bearer ${token}` } })

  it('shows the user and the chain', async () => {
    const token = testIssuer.delegatedToken({
      subject: 'ann@example.com',
      actor: 'web-shop',
      priorActors: ['gateway', 'app'],
      scopes: ['orders:read'],
    })
    expect(await (await get(token)).json()).toEqual({
      ordersOf: 'ann@example.com',
      askedBy: ['web-shop', 'gateway', 'app'],
    })
  })

  it.each<[string, () => string, number]>([
    ['a plain machine token', () => testIssuer.machineToken({ scopes: ['orders:read'] }), 401],
    ["a user's own token", () => testIssuer.userToken({ scopes: ['orders:read'] }), 401],
    ['a token that has expired', () => testIssuer.delegatedToken({ lifetimeSeconds: -1 }), 401],
    ['an assertion that has ended', () => testIssuer.delegatedToken({ assertion: { exp: 1 } }), 401],
    ['another audience', () => testIssuer.delegatedToken({ claims: { aud: 'api://other' } }), 401],
    ['a missing scope', () => testIssuer.delegatedToken(), 403],
  ])('refuses %s', async (_, token, status) => {
    expect((await get(token())).status).toBe(status)
  })

  it('is served over HTTP the same', async () => {
    await using server = await listen((request, response) => {
      void getRequestListener(api.fetch)(request, response)
    })
    const authorization = `Bearer ${testIssuer.delegatedToken({ scopes: ['orders:read'] })}`
    const response = await globalThis.fetch(`${server.origin}/orders`, { headers: { authorization } })
    expect(response.status).toBe(200)
  })
})

describe('the test issuer', () => {
  it('rotates its key', async () => {
    const clock = new ManualClock()
    const testIssuer = createTestIssuer({ audience: 'api://b', clock })
    const { issuer, fetch } = testIssuer
    const verifier = createVerifier({ issuer, fetch, audience: 'api://b', clock })
    const old = testIssuer.delegatedToken()
    await verifier.verify(old)
    testIssuer.rotateKey()
    await verifier.verify(testIssuer.delegatedToken())
    expect((await refusalOf(verifier.verify(old))).code).toBe('token_invalid')
  })

  it('is no issuer to another', async () => {
    const [mine, theirs] = [
      createTestIssuer({ audience: 'api://b' }),
      createTestIssuer({ audience: 'api://b' }),
    ]
    const verifier = createVerifier({ issuer: mine.issuer, fetch: mine.fetch, audience: 'api://b' })
    await verifier.verify(mine.delegatedToken())
    expect((await refusalOf(verifier.verify(theirs.delegatedToken()))).code).toBe('token_invalid')
  })

  it('leaves out claims that are undefined', async () => {
    const testIssuer = createTestIssuer({ audience: 'api://b' })
    const { issuer, fetch } = testIssuer
    const verifier = createVerifier({ issuer, fetch, audience: 'api://b' })
    const token = testIssuer.delegatedToken({ claims: { assertion: undefined } })
    expect((await refusalOf(verifier.verify(token))).code).toBe('token_undelegated')
  })

  it('refuses what it does not know and cannot use, because a test with a slip would pass for another reason', () => {
    const refused = (call: (...args: never[]) => unknown, options: object) =>
      expect(() => Reflect.apply(call, undefined, [options]))
    const testIssuer = createTestIssuer({ audience: 'api://b' })
    refused(createTestIssuer, { audiences: ['api://b'], clock: 5 }).toThrow(
      /audience: missing[\s\S]*clock: expected[\s\S]*audiences: unknown/,
    )
    refused(testIssuer.delegatedToken, { subjct: 'ann', scopes: 'orders:read' }).toThrow(
      /scopes: expected a list of strings\n- subjct: unknown/,
    )
    refused(testIssuer.machineToken, { actor: 'api-a', lifetimeSeconds: '5' }).toThrow(
      /lifetimeSeconds: expected a whole number\n- actor: unknown/,
    )
    refused(testIssuer.userToken, { client: 'x', claims: [] }).toThrow(
      /claims: expected[\s\S]*client: unknown/,
    )
  })
})
