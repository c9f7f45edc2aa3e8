import type { RequestListener } from 'node:http'
import { fileURLToPath } from 'node:url'
import { clientSecretBasic, createClient } from '@behalf/client'
import { createHook, defineConfig } from '@behalf/hook'
import { createFetchHandler } from '@behalf/hook/fetch'
import { sealed } from '@behalf/hook/sealing'
import { createSandbox, defaultOrg } from '@behalf/sandbox'
import { signIn } from '@behalf/sandbox/testing'
import { listen, SealingPair } from '@behalf/testing'
import { getRequestListener } from '@hono/node-server'
import * as openid from 'openid-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApiB } from '../api-b-fastify/main.ts'
import { runExample } from '../run-example.ts'
import { startApiA } from './main.ts'

const audience = 'api://a'
const orders = 'https://orders.example'
const [spa] = defaultOrg.apps
const apiA = { clientId: '0oaApiA0000000000001', secret: 'api-a-secret-for-the-sandbox-only' }
const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })

/** A user's access token, from a sign-in with PKCE. */
async function signInUser(issuer: string): Promise<string> {
  const config = await openid.discovery(new URL(issuer), spa.clientId, undefined, openid.None(), {
    execute: [openid.allowInsecureRequests],
  })
  const pkceCodeVerifier = openid.randomPKCECodeVerifier()
  const expectedState = openid.randomState()
  const authorizationUrl = openid.buildAuthorizationUrl(config, {
    redirect_uri: 'http://127.0.0.1:3000/callback',
    scope: 'openid',
    state: expectedState,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const callback = await signIn({ authorizationUrl, login: 'alice@example.com' })
  const tokens = await openid.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedState })
  return tokens.access_token
}

/** Okta, its hook, API A and API B, all of them real servers. */
async function startEverything() {
  // The hook must know its issuer and Okta its hook, so the hook's address comes first.
  let answer: RequestListener = () => undefined
  const hookServer = await listen((request, response) => answer(request, response))
  const sandbox = await createSandbox({
    hook: { uri: `${hookServer.origin}/inline-hook`, secret: 'hook-secret-0123456789' },
    authorizationServers: [
      { id: 'users', audience },
      // An audience that no API accepts: the hook puts the API's own in its place.
      { id: 'behalf', audience: 'https://undelegated.invalid', scopes: ['orders:read'] },
    ],
  })
  const [issuer = '', delegation = ''] = sandbox.servers.map((server) => server.issuer)
  const hook = createHook(
    defineConfig({
      authenticate: { secrets: ['hook-secret-0123456789'] },
      issuers: [{ issuer, audiences: [audience] }],
      clients: { [apiA.clientId]: { audiences: [audience], resources: [orders] } },
      resources: { [orders]: { scopes: { 'orders:read': {} }, verifier: 'behalf' } },
      sealing: sealed({ keys: new SealingPair().jwk }),
    }),
  )
  let hookCalls = 0
  const answerOkta = getRequestListener(createFetchHandler(hook))
  answer = (request, response) => {
    if (request.method === 'POST') hookCalls++
    return answerOkta(request, response)
  }

  const jwksUri = `${hookServer.origin}/.well-known/jwks.json`
  const allowedActors = [apiA.clientId]
  const b = await startApiB({ issuer: delegation, audience: orders, allowedActors, log: () => undefined })
  const client = createClient({
    issuer: delegation,
    clientId: apiA.clientId,
    auth: clientSecretBasic(apiA.secret),
    seal: { jwksUri },
    resource: orders,
    expectedAudience: audience,
    allowedOrigins: [b.url],
  })
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const a = await startApiA({ issuer, audience, client, apiBUrl: b.url, log })
  const close = () => Promise.all([a.close(), b.close(), sandbox.close(), hookServer.close()])
  const tokenRequests = () => hookCalls
  return {
    a,
    b,
    issuer,
    delegation,
    jwksUri,
    lines,
    tokenRequests,
    stopHook: () => hookServer.close(),
    close,
  }
}

let all: Awaited<ReturnType<typeof startEverything>>
beforeAll(async () => {
  all = await startEverything()
})
afterAll(async () => {
  await all.close()
})

it('asks API B on behalf of its caller', async () => {
  const response = await fetch(`${all.a.url}/orders`, bearer(await signInUser(all.issuer)))
  expect([response.status, await response.json()]).toEqual([
    200,
    { ordersOf: 'alice@example.com', actors: [apiA.clientId] },
  ])
})

it('refuses callers without a good token before it asks anybody', async () => {
  const token = await signInUser(all.issuer)
  const tampered = `${token.slice(0, -8)}AAAAAAAA`
  const before = all.tokenRequests()
  const invalid = 'Bearer error="invalid_token"'
  for (const [init, challenge] of [
    [{}, 'Bearer'],
    [bearer('nonsense'), invalid],
    [bearer(tampered), invalid],
  ] as const) {
    const response = await fetch(`${all.a.url}/orders`, init)
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, challenge])
  }
  expect(all.tokenRequests()).toBe(before)
  expect(all.lines.splice(0)).toEqual([
    expect.stringContaining('token_missing'),
    expect.stringContaining('token_invalid'),
    expect.stringContaining('token_invalid'),
  ])
})

it('runs as a program', async () => {
  await using program = await runExample(fileURLToPath(new URL('main.ts', import.meta.url)), {
    ISSUER: all.issuer,
    AUDIENCE: audience,
    DELEGATION_ISSUER: all.delegation,
    RESOURCE: orders,
    API_B_URL: all.b.url,
    CLIENT_ID: apiA.clientId,
    CLIENT_SECRET: apiA.secret,
    SEAL_JWKS_URI: all.jwksUri,
    PORT: '0',
  })
  const response = await fetch(`${program.url}/orders`, bearer(await signInUser(all.issuer)))
  expect(await response.json()).toEqual({ ordersOf: 'alice@example.com', actors: [apiA.clientId] })
})

it('answers 502 when Okta issues a plain token because the hook is down', async () => {
  const token = await signInUser(all.issuer)
  await all.stopHook()
  const response = await fetch(`${all.a.url}/orders`, bearer(token))
  expect([response.status, await response.json()]).toEqual([502, { error: 'server_error' }])
  expect(all.lines).toEqual([expect.stringMatching(/^api-a: answered 502: token_undelegated: /)])
})
