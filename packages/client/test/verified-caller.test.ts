import { generateKeyPairSync } from 'node:crypto'
import {
  type CallerOptions,
  CallerRefusedError,
  type CallerVerifier,
  forExpress,
} from '@behalf/client/express'
import { forFastify } from '@behalf/client/fastify'
import { forHono } from '@behalf/client/hono'
import { type LooseObject, signJwt, TestIssuer, userClaims } from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test, vi } from 'vitest'
import { startFixture } from './support/fixture.ts'
import { frameworks, serveApp } from './support/frameworks.ts'

let users: TestIssuer
beforeAll(async () => {
  users = await TestIssuer.start()
})
afterAll(() => users.close())

/** The token of a user who has signed in at the users' server. */
const userToken = (fixture: { readonly clock: { readonly seconds: number } }, overrides: LooseObject = {}) =>
  users.sign(userClaims(fixture.clock.seconds, overrides))

describe.each(Object.entries(frameworks))('%s', (_, createApp) => {
  async function start(instead: { readonly verifier?: CallerVerifier } = {}) {
    const fixture = await startFixture()
    const { clock } = fixture
    const verifier = createVerifier({ issuer: users.issuer, audience: 'api://a', accept: ['user'], clock })
    const authorize = vi.spyOn(verifier, 'authorize')
    const onError = vi.fn<NonNullable<CallerOptions['onError']>>()
    const b = new URL(fixture.server.issuer).origin
    const client = fixture.client({ allowedOrigins: [b] })
    const api = { client, b, options: { verifier, onError, ...instead } }
    return { ...fixture, authorize, onError, call: await serveApp(await createApp(api)) }
  }

  test('acts for a caller whose token is good', async () => {
    const started = await start()
    const token = userToken(started)
    const response = await started.call('/subject', `Bearer ${token}`)
    expect([response.status, await response.json()]).toEqual([200, { subject: 'ann@example.com' }])
    expect([...(started.server.tokenRequests[0]?.query ?? [])]).toEqual([
      ['assertion', token],
      ['assertion_resource', 'api://b'],
    ])
    expect(started.onError).not.toHaveBeenCalled()
  })

  test('200 tokens that nobody has signed cost no token request', async () => {
    const started = await start()
    const forger = {
      ...users.key,
      privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    }
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_unused, index) => {
        const claims = userClaims(started.clock.seconds, { iss: users.issuer, jti: `AT.${index}` })
        return started.call('/subject', `Bearer ${signJwt(forger, claims)}`)
      }),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    expect(started.server.tokenRequests).toHaveLength(0)
    expect(started.server.metadataRequests).toBe(0)
    expect(started.onError).toHaveBeenCalledTimes(200)
  })

  test.each<[string, LooseObject]>([
    ['has ended', { exp: 1 }],
    ['was meant for another API', { aud: 'api://b' }],
    ["is a machine's", { sub: '0oaSpa', uid: undefined }],
    ['is a delegated one', { act: { sub: '0oaApiA' }, assertion: { iss: 'https://users.example' } }],
  ])('a token that %s is refused before any request', async (_name, claims) => {
    const started = await start()
    const response = await started.call('/orders', `Bearer ${userToken(started, claims)}`)
    expect([response.status, response.headers.get('www-authenticate'), await response.text()]).toEqual([
      401,
      'Bearer error="invalid_token"',
      '',
    ])
    expect(started.server.tokenRequests).toHaveLength(0)
  })

  test.each([undefined, 'Basic eDp5', 'Bearer'])(
    'a caller with %j is told how to authenticate',
    async (value) => {
      const started = await start()
      const response = await started.call('/orders', value)
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      expect(started.server.tokenRequests).toHaveLength(0)
    },
  )

  test("answers as the verifier says, whatever that is, and tells API A's log why", async () => {
    const reason = new Error('the keys are out of reach')
    const headers = { 'retry-after': '7', 'www-authenticate': 'Bearer realm="a"' }
    const verifier: CallerVerifier = {
      authorize: async () => ({ ok: false, refusal: { status: 503, headers, error: reason } }),
    }
    const { call, onError, server } = await start({ verifier })
    const response = await call('/orders', 'Bearer x')
    expect([response.status, await response.text()]).toEqual([503, ''])
    for (const [name, value] of Object.entries(headers)) expect(response.headers.get(name)).toBe(value)
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(CallerRefusedError), 503)
    expect(onError.mock.calls[0]?.[0].cause).toBe(reason)
    expect(server.tokenRequests).toHaveLength(0)
  })

  test('presents the token that the verifier has verified, and not what else the request says', async () => {
    const token = (await startFixture()).server.userToken()
    const verifier: CallerVerifier = { authorize: async () => ({ ok: true, access: { token } }) }
    const { call, server } = await start({ verifier })
    expect((await call('/subject', 'Bearer another')).status).toBe(200)
    expect(server.tokenRequests.map(({ query }) => query.get('assertion'))).toEqual([token])
  })

  test('shows the verifier the request as it was sent', async () => {
    const started = await start()
    await started.call('/subject?of=ann', `Bearer ${userToken(started)}`)
    const [request] = started.authorize.mock.calls[0] ?? []
    expect(request?.method).toBe('GET')
    expect(new URL(request?.url ?? '', 'http://a.example').search).toBe('?of=ann')
    expect(request?.header('authorization')).toHaveLength(1)
    expect(request?.header('dpop')).toEqual([])
    expect(request?.origin).toBeTypeOf('object')
  })

  test("a fault of the verifier is the application's, and nobody is asked", async () => {
    const verifier: CallerVerifier = { authorize: () => Promise.reject(new Error('broken')) }
    const { call, server, onError } = await start({ verifier })
    expect((await call('/orders', 'Bearer x')).status).toBe(599)
    expect(onError).not.toHaveBeenCalled()
    expect(server.tokenRequests).toHaveLength(0)
  })
})

describe('who verifies the caller must be said', () => {
  const verifier = { authorize: vi.fn() }
  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /expected an object/],
    ['no word about it', {}, /- verifier: missing; .*dangerouslyUnverifiedCaller: true/],
    [
      'a verifier that is undefined',
      { verifier: undefined },
      /- verifier: expected a verifier with authorize/,
    ],
    ['no verifier', { verifier: () => true }, /- verifier: expected a verifier/],
    [
      'both',
      { verifier, dangerouslyUnverifiedCaller: true },
      /- verifier: expected it or dangerouslyUnverif/,
    ],
    [
      'a switch that is off',
      { dangerouslyUnverifiedCaller: false },
      /- dangerouslyUnverifiedCaller: expected true/,
    ],
    ['a slip', { dangerouslyUnverifiedCaler: true }, /- dangerouslyUnverifiedCaler: unknown/],
    ['an unusable log', { verifier, onError: 'log' }, /- onError: expected a function/],
  ])('%s', async (_, options, message) => {
    const client = (await startFixture()).client()
    for (const adapter of [forExpress, forFastify, forHono])
      expect(() => Reflect.apply(adapter, undefined, [client, options])).toThrow(message)
  })

  test('any verifier of @behalf/verify will do', () => {
    const options = { issuer: 'https://example.okta.com/oauth2/users', audience: 'api://a' } as const
    expectTypeOf(createVerifier({ ...options, accept: ['user'] })).toExtend<CallerVerifier>()
    expectTypeOf(createVerifier(options)).toExtend<CallerVerifier>()
    expectTypeOf<{ verifier: CallerVerifier }>().toExtend<CallerOptions>()
    // biome-ignore lint/complexity/noBannedTypes: no options at all is what must not do
    expectTypeOf<{}>().not.toExtend<CallerOptions>()
  })
})
