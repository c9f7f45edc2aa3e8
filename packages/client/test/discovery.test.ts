import { ManualClock } from '@behalf/testing'
import { expect, test } from 'vitest'
import { createTokenEndpointLocation } from '../src/token-endpoint/location.ts'
import { AuthorizationServer } from './support/authorization-server.ts'
import { refusal, startFixture } from './support/fixture.ts'
import { HastyClock } from './support/hasty-clock.ts'

test('nothing is requested before a token is', async () => {
  const { server, client } = await startFixture()
  client()
  expect(server.metadataRequests).toBe(0)
})

test('the token endpoint is looked up once, by any number of callers', async () => {
  const { server, client } = await startFixture()
  const a = client()
  const ask = (jti: number) => a.acquireToken({ assertion: server.userToken({ jti: `${jti}` }), scopes: [] })
  await Promise.all([1, 2, 3, 4, 5].map(ask))
  await ask(6)
  expect(server.tokenRequests).toHaveLength(6)
  expect(server.metadataRequests).toBe(1)
})

test('a failed look-up is forgotten', async () => {
  const { server, client } = await startFixture()
  const a = client({ clock: new HastyClock() })
  server.metadata = 'not metadata'
  const request = { assertion: server.userToken(), scopes: [] }
  const error = await refusal(a.acquireToken(request))
  expect(error).toMatchObject({
    code: 'token_request_failed',
    retryable: true,
    detail: "the issuer's metadata answered with something that is not JSON",
  })
  server.metadata = undefined
  expect((await a.acquireToken(request)).subject).toBe('ann@example.com')
})

test.each([
  ['another issuer', { issuer: 'https://example.okta.com/oauth2/default' }],
  ['a token endpoint elsewhere', { token_endpoint: 'https://elsewhere.example/v1/token' }],
  ['a token endpoint that is not https', { token_endpoint: 'http://b.example/v1/token' }],
  ['no token endpoint', { token_endpoint: undefined }],
])('metadata with %s is not believed, and the credentials stay here', async (_, metadata) => {
  const { server, client } = await startFixture()
  const requested: string[] = []
  const a = client({
    clock: new HastyClock(),
    fetch: (url, init) => {
      requested.push(new URL(url).origin)
      return fetch(url, init)
    },
  })
  server.metadata = { issuer: server.issuer, token_endpoint: `${server.issuer}/v1/token`, ...metadata }
  const error = await refusal(a.acquireToken({ assertion: server.userToken(), scopes: [] }))
  expect(error.detail).toMatch(/^the issuer's metadata names /)
  expect(error.retryable).toBe(false)
  expect(server.metadataRequests).toBe(1)
  expect(server.tokenRequests).toHaveLength(0)
  expect(new Set(requested)).toEqual(new Set([new URL(server.issuer).origin]))
})

test('a look-up that ended with the request that began it keeps nobody else waiting', async () => {
  let nowMs = 0
  const clock = { now: () => nowMs, schedule: () => () => undefined }
  const issuer = 'https://example.okta.com/oauth2/default'
  const answers = [
    new Promise<never>(() => undefined),
    Promise.resolve(Response.json({ issuer, token_endpoint: `${issuer}/v1/token` })),
  ]
  const fetch = () => answers.shift() ?? Promise.reject(new Error('asked too often'))
  const locate = createTokenEndpointLocation({
    issuer,
    insecureHosts: new Set(),
    clock,
    fetch,
    timeoutMs: 10_000,
  })
  void locate()
  nowMs = 30_000
  const expected = { ok: true, value: `${issuer}/v1/token` }
  expect(await locate()).toEqual(expected)
  expect(await locate()).toEqual(expected)
})

test('a configured token endpoint may be elsewhere, and needs no look-up', async () => {
  const { server, client, clock } = await startFixture()
  await using other = await AuthorizationServer.start(clock)
  const a = client({ tokenEndpoint: `${other.issuer}/v1/token` })
  other.claims = { iss: server.issuer }
  await a.acquireToken({ assertion: server.userToken(), scopes: [] })
  expect(other.tokenRequests).toHaveLength(1)
  expect(server.metadataRequests).toBe(0)
})

test.each([
  [
    'ECONNRESET',
    /^http:\/\/127.0.0.1:\d+ could not be reached \(ECONNRESET: the connection was broken off; /,
    true,
    3,
  ],
  ['ENOTFOUND', /^http:\/\/127.0.0.1:\d+ could not be reached \(ENOTFOUND: the host name/, false, 1],
  [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    /^http:\/\/127.0.0.1:\d+ could not be reached \(DEPTH_ZERO_SELF_SIGNED_CERT: .*NODE_EXTRA_CA_CERTS/,
    false,
    1,
  ],
])(
  'a token endpoint that is not reached is told by %s, and the assertion is not',
  async (code, detail, retryable, attempts) => {
    const { server, client } = await startFixture()
    const assertion = server.userToken()
    let attempted = 0
    const fetch = (url: string) => {
      attempted++
      const cause = Object.assign(new Error(`no way to ${url}`), { code })
      return Promise.reject(new TypeError('fetch failed', { cause }))
    }
    const tokenEndpoint = `${server.issuer}/v1/token`
    const a = client({ clock: new HastyClock(), fetch, tokenEndpoint })
    const error = await refusal(a.acquireToken({ assertion, scopes: [] }))
    expect(error.detail).toMatch(detail)
    expect(error).toMatchObject({ causeCode: code, retryable })
    expect(attempted).toBe(attempts)
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(assertion.split('.')[1])
  },
)

test('a client of an issuer that is gone says so', async () => {
  const { client } = await startFixture()
  const gone = await AuthorizationServer.start(new ManualClock())
  await gone.close()
  const error = await refusal(
    client({ issuer: gone.issuer, clock: new HastyClock() }).acquireToken({
      assertion: gone.userToken(),
      scopes: [],
    }),
  )
  expect(error).toMatchObject({ code: 'token_request_failed', retryable: true, refusedBy: 'server' })
  expect(error.detail).toBe(
    "the issuer's metadata could not be reached (ECONNREFUSED: nothing listens there; check that it runs, and the port)",
  )
})
