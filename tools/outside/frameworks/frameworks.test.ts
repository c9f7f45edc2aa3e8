import { once } from 'node:events'
import type { Server } from 'node:http'
import { clientSecretBasic, createClient } from '@behalf/client'
import { delegatedClaims, listen, TestIssuer, userClaims } from '@behalf/testing'
import { createVerifier, type VerifierOptions } from '@behalf/verify'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { installOnDemand } from '../../on-demand.ts'
import { compileRecipes } from '../recipes.ts'

const folder = 'tools/outside/frameworks'
let recipes: ReadonlyMap<string, string> = new Map()

beforeAll(() => {
  installOnDemand(folder)
  recipes = compileRecipes('docs/frameworks.md', folder)
}, 300_000)

/** Serves an app on loopback. */
async function serve(server: Server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return async (path: string, authorization: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization } })
    return [response.status, response.headers.get('www-authenticate'), await response.text()] as const
  }
}

/** What a block exports, and the app that is made of it. */
async function createApp(kind: 'apisA' | 'apisB', name: string, parts: object): Promise<Server> {
  const apps = await import('./apps.mjs')
  const recipe = recipes.get(name)
  const create = apps[kind][name]
  if (recipe === undefined || create === undefined) throw new Error(`docs/frameworks.md has no block ${name}`)
  return create(await import(recipe), parts)
}

async function startIssuer() {
  const issuer = await TestIssuer.start()
  onTestFinished(() => issuer.close())
  const nowSeconds = Math.floor(Date.now() / 1000)
  const user = { ...userClaims(nowSeconds), iss: issuer.issuer }
  return {
    issuer: issuer.issuer,
    user: issuer.sign(user),
    delegated: issuer.sign(delegatedClaims(nowSeconds, { assertion: user })),
  }
}

const failingLog: Pick<VerifierOptions, 'onRefusal'> = {
  onRefusal() {
    throw new Error('the log is full')
  },
}

describe.each([
  ['koa', '/orders'],
  ['nestjs', '/orders'],
  ['trpc', '/trpc/orders'],
  ['yoga', `/graphql?query=${encodeURIComponent('{ orders }')}`],
])('API B with %s', (name, path) => {
  async function start(options = {}) {
    const { issuer, user, delegated } = await startIssuer()
    const verifier = createVerifier({ issuer, audience: 'api://b', ...options })
    return { call: await serve(await createApp('apisB', name, { verifier })), user, delegated }
  }

  test('lets delegated tokens in, and its handlers see whose they are', async () => {
    const { call, delegated } = await start()
    const [status, , text] = await call(path, `Bearer ${delegated}`)
    expect([status, text]).toEqual([200, expect.stringContaining('orders of ann@example.com')])
  })

  test('refuses all others, with a challenge', async () => {
    const { call, user, delegated } = await start()
    for (const bad of [user, `${delegated.slice(0, -8)}AAAAAAAA`, `${delegated}, Bearer ${delegated}`]) {
      const [status, challenge, text] = await call(path, `Bearer ${bad}`)
      expect([status, challenge]).toEqual([401, 'Bearer error="invalid_token"'])
      expect(text).not.toContain('orders of')
    }
    const { call: callWithScopes, delegated: other } = await start({ requiredScopes: ['orders:write'] })
    expect((await callWithScopes(path, `Bearer ${other}`))[0]).toBe(403)
  })

  test('answers when its guard fails', async () => {
    const { call } = await start(failingLog)
    expect((await call(path, 'Bearer x'))[0]).toBe(500)
  })
})

describe.each(['nestjs-filter', 'next'])('API A with %s', (name) => {
  async function start(answer: { readonly status: number; readonly body: object } | undefined) {
    const { issuer, user, delegated } = await startIssuer()
    let tokenRequests = 0
    const others = await listen((request, response) => {
      if (request.url === '/orders')
        return response.end(`orders for ${request.headers.authorization?.length}`)
      tokenRequests++
      const { status, body } = answer ?? {
        status: 200,
        body: { access_token: delegated, token_type: 'Bearer', expires_in: 300 },
      }
      return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    onTestFinished(() => others.close())
    const client = createClient({
      issuer,
      clientId: '0oaApiA',
      auth: clientSecretBasic('secret'),
      tokenEndpoint: `${others.origin}/token`,
      allowedOrigins: [others.origin],
    })
    const verifier = createVerifier({ issuer, audience: 'api://a', accept: ['user'] })
    const app = await createApp('apisA', name, { client, verifier, orders: `${others.origin}/orders` })
    return { call: await serve(app), user, delegated, tokenRequests: () => tokenRequests }
  }

  test('calls API B for the caller', async () => {
    const { call, user, delegated } = await start(undefined)
    const expected = `orders for ${`Bearer ${delegated}`.length}`
    expect(await call('/orders', `Bearer ${user}`)).toEqual([200, null, expected])
  })

  test('refuses bad callers without asking Okta', async () => {
    const { call, user, tokenRequests } = await start(undefined)
    const [status, challenge] = await call('/orders', `Bearer ${user.slice(0, -8)}AAAAAAAA`)
    expect([status, challenge, tokenRequests()]).toEqual([401, 'Bearer error="invalid_token"', 0])
  })

  test('tells callers apart whom a policy forbids from those who may come again', async () => {
    const denial = {
      error: 'server_error',
      error_description: 'policy_denied: the policy does not permit it',
    }
    const denied = await start({ status: 400, body: denial })
    expect((await denied.call('/orders', `Bearer ${denied.user}`)).slice(0, 2)).toEqual([
      403,
      'Bearer error="insufficient_scope"',
    ])
    const busy = await start({ status: 429, body: {} })
    expect((await busy.call('/orders', `Bearer ${busy.user}`))[0]).toBe(503)
  })

  test.each([
    [
      'step_up_required: (acr_values=phr 2fa; max_age=60; scope=pay) Sign in again.',
      401,
      'Bearer error="insufficient_user_authentication", acr_values="phr 2fa", max_age="60", scope="pay"',
    ],
    ['step_up_required: (scope=pay) Ask for more.', 403, 'Bearer error="insufficient_scope", scope="pay"'],
    ['assertion_expired: The assertion has expired.', 401, 'Bearer error="invalid_token"'],
  ])('asks the caller for what would help: %s', async (error_description, status, challenge) => {
    const { call, user } = await start({ status: 400, body: { error: 'server_error', error_description } })
    expect((await call('/orders', `Bearer ${user}`)).slice(0, 2)).toEqual([status, challenge])
  })
})
