import { generateKeyPairSync } from 'node:crypto'
import { createHook, type DecisionRecord, defineConfig, type Policy, type PolicyFunction } from '@behalf/hook'
import { type HookServer, startNodeServer } from '@behalf/hook/node'
import { sealed } from '@behalf/hook/sealing'
import { createSandbox, type Sandbox } from '@behalf/sandbox'
import { startApiB } from '../../../examples/api-b-fastify/main.ts'
import { runExample } from '../../../examples/run-example.ts'
import { freePort } from '../../free-port.ts'

export const assistant = '0oaAssistant'
export const mcpServer = '0oaMcpServer'
export const redirectUrl = 'http://127.0.0.1:3999/callback'
export const orders = 'https://orders.example'
const secret = 'secret-of-the-mcp-server'
const hookSecret = 'shared-by-okta-and-the-hook'
const secondFactor = 'urn:okta:loa:2fa:any'

/** An org, its hook, API B and an MCP server, each a server of its own on loopback. */
export interface World extends AsyncDisposable {
  readonly okta: Sandbox
  readonly mcpUrl: string
  readonly apiB: string
  readonly users: string
  readonly hook: HookServer
  readonly decisions: readonly DecisionRecord[]
  /** Why API B refused requests. */
  readonly refusals: readonly string[]
}

/** Bob may do nothing; whoever orders has consented to that, and has signed in with a second factor. */
const defaultPolicy: PolicyFunction = ({ scopes, subject: { id, claims } }) => {
  if (id === 'bob@example.com') return { decision: 'forbid', reason: 'Not Bob.' }
  if (!scopes.includes('orders:write')) return { decision: 'permit' }
  if (![claims['scp']].flat().includes('orders.place'))
    return { decision: 'forbid', reason: 'Not asked for.', needs: { scopes: ['orders.place'] } }
  return claims['acr'] === secondFactor
    ? { decision: 'permit' }
    : { decision: 'forbid', reason: 'Too weak.', needs: { acrValues: [secondFactor], maxAgeSeconds: 300 } }
}

/** What of a world may be otherwise. */
export interface WorldOptions {
  readonly policy?: Policy
  /** The MCP server's client id. */
  readonly actor?: string
  readonly actorProfile?: string
  /** What API B calls itself. */
  readonly resource?: string
  /** Further variables of the MCP server. */
  readonly environment?: Readonly<Record<string, string>>
  /** What actors API B takes no calls from. */
  readonly refusedActorProfiles?: readonly string[]
}

const { privateKey: pair } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const sealingKey = JSON.stringify({ ...pair.export({ format: 'jwk' }), kid: 'seal' })

/** @param program - the MCP server */
export async function startWorld(program: string, options: WorldOptions = {}): Promise<World> {
  const { policy = defaultPolicy, actor = mcpServer, actorProfile = 'ai_agent', resource = orders } = options
  const { refusedActorProfiles } = options
  await using stack = new AsyncDisposableStack()
  const okta = `http://127.0.0.1:${await freePort()}`
  const mcpUrl = `http://127.0.0.1:${await freePort()}/mcp`
  const issuerOf = (id: string): string => `${okta}/oauth2/${id}`
  const [users, delegation] = [issuerOf('users'), issuerOf('behalf')]
  const decisions: DecisionRecord[] = []
  const hook = await startNodeServer(
    createHook(
      defineConfig({
        authenticate: { secrets: [hookSecret] },
        issuers: [{ issuer: users, audiences: [mcpUrl] }],
        clients: { [actor]: { audiences: [mcpUrl], resources: [resource], actorProfile } },
        resources: { [resource]: { scopes: { 'orders:read': {}, 'orders:write': {} }, verifier: 'behalf' } },
        sealing: sealed({ keys: sealingKey }),
        policy,
      }),
      { onDecision: (record) => decisions.push(record) },
    ),
  )
  stack.defer(() => hook.stop())
  const sandbox = stack.use(
    await createSandbox({
      port: Number(new URL(okta).port),
      hook: { uri: `${hook.origin}/inline-hook`, secret: hookSecret },
      authorizationServers: [
        { id: 'users', audience: mcpUrl, scopes: ['mcp', 'orders.place'] },
        { id: 'others', audience: 'api://other', scopes: ['mcp'] },
        {
          id: 'behalf',
          audience: 'https://undelegated.invalid',
          scopes: ['orders:read', 'orders:write'],
        },
      ],
      users: ['ann', 'bob', 'carol'].map((name) => ({ login: `${name}@example.com` })),
      apps: [
        { clientId: assistant, label: 'Assistant', type: 'native', redirectUris: [redirectUrl] },
        {
          clientId: actor,
          label: 'MCP server',
          type: 'service',
          auth: { method: 'client_secret_basic', clientSecret: secret },
        },
      ],
    }),
  )
  const refusals: string[] = []
  const b = await startApiB({
    issuer: delegation,
    audience: resource,
    allowedActors: [actor],
    ...(refusedActorProfiles === undefined ? {} : { refusedActorProfiles }),
    log: (line) => refusals.push(line),
  })
  stack.defer(() => b.close())
  stack.use(
    await runExample(program, {
      ISSUER: users,
      MCP_URL: mcpUrl,
      DELEGATION_ISSUER: delegation,
      RESOURCE: resource,
      API_B_URL: b.url,
      SEAL_JWKS_URI: `${hook.origin}/.well-known/jwks.json`,
      CLIENT_ID: actor,
      CLIENT_SECRET: secret,
      ...options.environment,
    }),
  )
  const running = stack.move()
  return {
    okta: sandbox,
    mcpUrl,
    apiB: b.url,
    users,
    hook,
    decisions,
    refusals,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
