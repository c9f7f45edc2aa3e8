import { once } from 'node:events'
import { createServer } from 'node:net'
import { clientSecretBasic, createClient } from '@behalf/client'
import { createHook, type DecisionRecord, defineConfig } from '@behalf/hook'
import { type HookServer, startNodeServer } from '@behalf/hook/node'
import { createSandbox, type Sandbox, type SandboxOptions } from '@behalf/sandbox'
import { startApiA } from '../api-a-express/main.ts'
import { startApiB } from '../api-b-fastify/main.ts'
import { startApiC } from '../api-c-hono/main.ts'

export const webShop = '0oaWebShop'
export const apiA = '0oaApiA'
export const apiB = '0oaApiB'
export const reporting = '0oaReporting'
export const user = 'ann@example.com'
export const redirectUri = 'http://127.0.0.1:3000/callback'
export const secretOf = (clientId: string): string => `secret-of-${clientId}`

const hookSecret = 'shared-by-okta-and-the-hook'

/** Everything that runs in the demo, each a server of its own on loopback. */
export interface World extends AsyncDisposable {
  readonly okta: Sandbox
  /** The authorization servers that issue the tokens for API A, B and C. */
  readonly issuers: Readonly<Record<'a' | 'b' | 'c', string>>
  readonly hook: HookServer
  readonly apiAUrl: string
  readonly apiBUrl: string
  /** What the hook decided, the latest last. */
  readonly decisions: readonly DecisionRecord[]
}

/** @param oktaClock - Okta's clock, which the demo sets back to get a token that has expired */
export async function startWorld(oktaClock: { now(): number }): Promise<World> {
  await using stack = new AsyncDisposableStack()
  // Okta must know where the hook is, and the hook where Okta is; one of the two ports is chosen beforehand.
  const oktaPort = await freePort()
  const issuerOf = (id: string): string => `http://127.0.0.1:${oktaPort}/oauth2/${id}`
  const issuers = { a: issuerOf('a'), b: issuerOf('b'), c: issuerOf('c') }

  const decisions: DecisionRecord[] = []
  const hook = await startNodeServer(
    createHook(hookConfig(issuers), { onDecision: (record) => decisions.push(record) }),
  )
  stack.defer(() => hook.stop())
  const okta = stack.use(
    await createSandbox({ port: oktaPort, clock: oktaClock, ...org(`${hook.origin}/inline-hook`) }),
  )

  const log = (): void => undefined
  const c = await startApiC({ issuer: issuers.c, audience: 'api://c', allowedActors: [apiB], log })
  stack.defer(() => c.close())
  const b = await startApiB({
    issuer: issuers.b,
    audience: 'api://b',
    allowedActors: [apiA],
    apiC: { url: c.url, client: clientOf(apiB, issuers.c, 'api://b', c.url) },
    log,
  })
  stack.defer(() => b.close())
  const a = await startApiA({
    issuer: issuers.a,
    audience: 'api://a',
    client: clientOf(apiA, issuers.b, 'api://a', b.url),
    apiBUrl: b.url,
    log,
  })
  stack.defer(() => a.close())

  const running = stack.move()
  return {
    okta,
    issuers,
    hook,
    apiAUrl: a.url,
    apiBUrl: b.url,
    decisions,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function hookConfig({ a, b }: Readonly<Record<'a' | 'b', string>>) {
  return defineConfig({
    authenticate: { secrets: [hookSecret] },
    issuers: [
      { issuer: a, audiences: ['api://a'] },
      { issuer: b, audiences: ['api://b'] },
    ],
    clients: {
      [apiA]: { issuers: [a], audiences: ['api://a'], scopes: ['orders:read'] },
      [apiB]: { issuers: [b], audiences: ['api://b'], scopes: ['stock:read'] },
      // This client may exchange tokens that are meant for API B, but none that are meant for API A.
      [reporting]: { audiences: ['api://b'], scopes: ['orders:read'] },
    },
  })
}

function org(hookUri: string): SandboxOptions {
  const service = (clientId: string) =>
    ({
      clientId,
      type: 'service',
      auth: { method: 'client_secret_basic', clientSecret: secretOf(clientId) },
    }) as const
  return {
    hook: { uri: hookUri, secret: hookSecret },
    authorizationServers: [
      { id: 'a', scopes: ['a:use'], accessTokenClaims: ['department'] },
      { id: 'b', scopes: ['orders:read'] },
      { id: 'c', scopes: ['stock:read'] },
    ],
    users: [{ id: '00uAnn', login: user, name: 'Ann Lee', department: 'sales' }],
    apps: [
      { clientId: webShop, label: 'Web shop', type: 'spa', redirectUris: [redirectUri] },
      service(apiA),
      service(apiB),
      service(reporting),
    ],
  }
}

function clientOf(clientId: string, issuer: string, expectedAudience: string, callsUrl: string) {
  const auth = clientSecretBasic(secretOf(clientId))
  return createClient({
    issuer,
    clientId,
    auth,
    expectedAudience,
    allowedOrigins: [new URL(callsUrl).origin],
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port')
  return address.port
}
