import { generateKeyPairSync, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { clientSecretBasic, createClient } from '@behalf/client'
import { createHook, type DecisionRecord, defineConfig, type PolicyFunction } from '@behalf/hook'
import { type HookServer, startNodeServer } from '@behalf/hook/node'
import { sealed } from '@behalf/hook/sealing'
import { createSandbox, hookNotes, type Sandbox, type SandboxOptions } from '@behalf/sandbox'
import { startApiA } from '../api-a-express/main.ts'
import { startApiB } from '../api-b-fastify/main.ts'
import { startApiC } from '../api-c-hono/main.ts'
import { exchangeByApiA } from './page.ts'
import { type Seal, sealFor } from './seal.ts'

export const webShop = '0oaWebShop'
export const apiA = '0oaApiA'
export const apiB = '0oaApiB'
export const reporting = '0oaReporting'
export const user = 'ann@example.com'
export const redirectUri = 'http://127.0.0.1:3000/callback'
export const secretOf = (clientId: string): string => `secret-of-${clientId}`

/** What Okta calls a sign-in with two factors. */
const secondFactor = 'urn:okta:loa:2fa:any'

const hookSecret = 'shared-by-okta-and-the-hook'

/** The audiences of the two APIs that are called on a user's behalf. */
export const orders = 'https://orders.example'
const stock = 'https://stock.example'

type Issuers = Readonly<Record<'users' | 'delegation', string>>

/** Everything that runs in the demo, each a server of its own on loopback. */
export interface World extends AsyncDisposable {
  readonly okta: Sandbox
  /** The users' authorization server, and the one that issues all delegated tokens. */
  readonly issuers: Issuers
  readonly hook: HookServer
  readonly apiAUrl: string
  readonly apiBUrl: string
  /** Seals for the hook, as the SDK of each API does by itself. */
  readonly seal: Seal
  /** What the hook decided, the latest last. */
  readonly decisions: readonly DecisionRecord[]
  /** Starts the hook again where it was, once it has stopped. */
  restartHook(): Promise<void>
}

/** @param oktaClock - Okta's clock, which the demo sets back to get a token that has expired */
export async function startWorld(oktaClock: { now(): number }): Promise<World> {
  await using stack = new AsyncDisposableStack()
  // Okta must know where the hook is, and the hook where Okta is; one of the two ports is chosen beforehand.
  const oktaPort = await freePort()
  const issuerOf = (id: string): string => `http://127.0.0.1:${oktaPort}/oauth2/${id}`
  const issuers = { users: issuerOf('users'), delegation: issuerOf('behalf') }

  const decisions: DecisionRecord[] = []
  let okta: Sandbox | undefined
  let apiAUrl: string | undefined
  const notes = hookNotes((key, note) => okta?.annotate(key, note) ?? false)
  const sinks = {
    ...notes,
    onDecision(record: DecisionRecord) {
      decisions.push(record)
      notes.onDecision(record)
    },
  }
  const startHook = (port = 0): Promise<HookServer> =>
    startNodeServer(createHook(hookConfig(issuers), sinks), { port, drainDelayMs: 0 })
  const hook = await startHook()
  stack.defer(() => hook.stop())
  okta = stack.use(
    await createSandbox({
      port: oktaPort,
      clock: oktaClock,
      exchange: exchangeByApiA(() =>
        okta === undefined || apiAUrl === undefined ? undefined : { okta, apiAUrl },
      ),
      ...org(`${hook.origin}/inline-hook`),
    }),
  )
  okta.showPolicy({ policies: [{ id: 'a function', place: 'examples/demo/world.ts', text: String(policy) }] })

  const jwksUri = `${hook.origin}/.well-known/jwks.json`
  const seal = await sealFor(jwksUri)

  const log = (): void => undefined
  const c = await startApiC({ issuer: issuers.delegation, audience: stock, allowedActors: [apiB], log })
  stack.defer(() => c.close())
  const b = await startApiB({
    issuer: issuers.delegation,
    audience: orders,
    allowedActors: [apiA],
    apiC: {
      url: c.url,
      client: clientOf(apiB, issuers.delegation, { expects: orders, calls: stock }, c.url, jwksUri),
    },
    log,
  })
  stack.defer(() => b.close())
  const a = await startApiA({
    issuer: issuers.users,
    audience: 'api://a',
    client: clientOf(apiA, issuers.delegation, { expects: 'api://a', calls: orders }, b.url, jwksUri),
    apiBUrl: b.url,
    log,
  })
  stack.defer(() => a.close())
  apiAUrl = a.url

  const running = stack.move()
  return {
    okta,
    issuers,
    hook,
    apiAUrl: a.url,
    apiBUrl: b.url,
    seal,
    decisions,
    async restartHook() {
      const again = await startHook(Number(new URL(hook.origin).port))
      running.defer(() => again.stop())
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Whoever orders has signed in with a second factor, in the last five minutes. */
const policy: PolicyFunction = ({ scopes, subject, request }) => {
  const { acr, auth_time: signedInAt } = subject.claims
  const isStrong = acr === secondFactor && request.timeMs / 1000 - Number(signedInAt) < 300
  if (isStrong || !scopes.includes('orders:write')) return { decision: 'permit' }
  return {
    decision: 'forbid',
    reason: 'Sign in with a second factor to order.',
    needs: { acrValues: [secondFactor], maxAgeSeconds: 300 },
  }
}

const { privateKey: pair } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

function hookConfig({ users, delegation }: Issuers) {
  return defineConfig({
    authenticate: { secrets: [hookSecret] },
    issuers: [
      { issuer: users, audiences: ['api://a'] },
      // API B presents what it was called with, so that the chain can grow.
      { issuer: delegation, audiences: [orders], tokens: 'delegated' },
    ],
    clients: {
      [apiA]: { audiences: ['api://a'], resources: [orders] },
      [apiB]: { audiences: [orders], resources: [stock] },
      // This client may exchange tokens that are meant for API B, but none that are meant for API A.
      [reporting]: { audiences: [orders], resources: [orders] },
    },
    // Their APIs enforce the end of the user's own token, because their verifier is Behalf's.
    resources: {
      [orders]: { scopes: { 'orders:read': {}, 'orders:write': {} }, verifier: 'behalf' },
      [stock]: { scopes: { 'stock:read': {} }, verifier: 'behalf' },
    },
    claims: { include: ['department'] },
    // What travels in the URL of a token request is encrypted for this hook. `behalf keys seal` makes a key to keep.
    sealing: sealed({ keys: JSON.stringify({ ...pair.export({ format: 'jwk' }), kid: 'demo' }) }),
    policy,
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
      { id: 'users', audience: 'api://a', scopes: ['a:use'], accessTokenClaims: ['department'] },
      // An audience that no API accepts: the hook puts the API's own in its place.
      {
        id: 'behalf',
        audience: 'https://undelegated.invalid',
        scopes: ['orders:read', 'orders:write', 'stock:read'],
      },
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

function clientOf(
  clientId: string,
  issuer: string,
  audiences: { readonly expects: string; readonly calls: string },
  callsUrl: string,
  jwksUri: string,
) {
  const auth = clientSecretBasic(secretOf(clientId))
  return createClient({
    issuer,
    clientId,
    auth,
    seal: { jwksUri },
    resource: audiences.calls,
    expectedAudience: audiences.expects,
    allowedOrigins: [new URL(callsUrl).origin],
  })
}

/** None that systems give to those who ask for any: each connection takes one of those. */
async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(10_000, 32_000)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    server.close()
    if (isFree) {
      await once(server, 'close')
      return port
    }
  }
  throw new Error('no port from 10000 to 31999 can be listened on at 127.0.0.1; free one, or allow it')
}
