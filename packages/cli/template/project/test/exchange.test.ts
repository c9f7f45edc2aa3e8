import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { after, before, test } from 'node:test'
import { createHook } from '@behalf/hook'
import { type HookServer, startNodeServer } from '@behalf/hook/node'
import { createSandbox, parseSeed, type Sandbox } from '@behalf/sandbox'
import { createApiA } from '../api-a/app.ts'
import { createApiB } from '../api-b/app.ts'

const resource = 'https://orders.example'
const secret = 'hook-secret-of-the-sandbox-only'
const registered = 'http://127.0.0.1:9/inline-hook'

let sandbox: Sandbox
let hook: HookServer | undefined
let apiA: string
const stops: (() => unknown)[] = []

/** The local org calls our hook, API A asks the org, and API B has the orders: all of them real servers. */
before(async () => {
  // The hook must know the org and the org the hook: so the org is told where the hook is when it calls.
  sandbox = await createSandbox({
    ...parseSeed(await readFile('org.yaml', 'utf8')),
    hook: { uri: registered, secret },
    fetch: (url, init) => fetch(url === registered && hook ? `${hook.origin}/inline-hook` : url, init),
  })
  stops.push(() => sandbox.close())
  const [users, delegation] = sandbox.servers
  const app = sandbox.apps.find(({ label }) => label === 'API A')
  assert.ok(users && delegation && app)

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const sealingKey = { ...privateKey.export({ format: 'jwk' }), kid: 'test', alg: 'ECDH-ES', use: 'enc' }
  Object.assign(process.env, {
    ISSUER: users.issuer,
    AUDIENCE: users.audience,
    CLIENT_IDS: app.clientId,
    RESOURCE: resource,
    HOOK_SECRET: secret,
    SEALING_KEYS: JSON.stringify(sealingKey),
  })
  const { default: config } = await import('../behalf.config.ts')
  hook = await startNodeServer(createHook(config), { drainDelayMs: 0 })
  stops.push(hook.stop)

  const apiB = await listen(
    createApiB({ issuer: delegation.issuer, audience: resource }).listen(0, '127.0.0.1'),
  )
  apiA = await listen(
    createApiA({
      issuer: users.issuer,
      audience: users.audience,
      delegationIssuer: delegation.issuer,
      clientId: app.clientId,
      clientSecret: 'api-a-secret-for-the-sandbox-only',
      sealJwksUri: `${hook.origin}/.well-known/jwks.json`,
      resource,
      apiBUrl: apiB,
    }).listen(0, '127.0.0.1'),
  )
})

after(async () => {
  for (const stop of stops.reverse()) await stop()
})

async function listen(server: Server): Promise<string> {
  await once(server, 'listening')
  stops.push(() => server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

async function ordersOf(login: string): Promise<Response> {
  const token = await sandbox.userToken({ login, server: 'users' })
  return fetch(`${apiA}/orders`, { headers: { authorization: `Bearer ${token}` } })
}

test('a user gets their orders from API B through API A', async () => {
  const answer = await ordersOf('alice@example.com')
  const askedBy = sandbox.apps.filter(({ label }) => label === 'API A').map(({ clientId }) => clientId)
  assert.deepEqual([answer.status, await answer.json()], [200, { ordersOf: 'alice@example.com', askedBy }])
})

test('nobody gets anything while the hook is down, although Okta issues a token', async () => {
  await hook?.stop()
  assert.equal((await ordersOf('bob@example.com')).status, 502)
})
