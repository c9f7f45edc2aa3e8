import { createHook, type DecisionRecord, defineConfig, type PolicyFunction } from '@behalf/hook'
import { type HookServer, startNodeServer } from '@behalf/hook/node'
import { createSandbox } from '@behalf/sandbox'
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
  readonly mcpUrl: string
  readonly apiB: string
  readonly users: string
  /** A server for another API's users. */
  readonly others: string
  readonly hook: HookServer
  readonly decisions: readonly DecisionRecord[]
  /** Why API B refused requests. */
  readonly refusals: readonly string[]
}

/** Bob may do nothing; whoever orders has consented to that, and has signed in with a second factor. */
const policy: PolicyFunction = ({ scopes, subject: { id, claims } }) => {
  if (id === 'bob@example.com') return { decision: 'forbid', reason: 'Not Bob.' }
  if (!scopes.includes('orders:write')) return { decision: 'permit' }
  if (![claims['scp']].flat().includes('orders.place'))
    return { decision: 'forbid', reason: 'Not asked for.', needs: { scopes: ['orders.place'] } }
  return claims['acr'] === secondFactor
    ? { decision: 'permit' }
    : { decision: 'forbid', reason: 'Too weak.', needs: { acrValues: [secondFactor], maxAgeSeconds: 300 } }
}

/** @param program - the MCP server */
export async function startWorld(program: string): Promise<World> {
  await using stack = new AsyncDisposableStack()
  const okta = `http://127.0.0.1:${await freePort()}`
  const mcpUrl = `http://127.0.0.1:${await freePort()}/mcp`
  const issuerOf = (id: string): string => `${okta}/oauth2/${id}`
  const [users, others, delegation] = [issuerOf('users'), issuerOf('others'), issuerOf('behalf')]
  const decisions: DecisionRecord[] = []
  const hook = await startNodeServer(
    createHook(
      defineConfig({
        authenticate: { secrets: [hookSecret] },
        issuers: [{ issuer: users, audiences: [mcpUrl] }],
        clients: { [mcpServer]: { audiences: [mcpUrl], resources: [orders], actorProfile: 'ai_agent' } },
        resources: { [orders]: { scopes: { 'orders:read': {}, 'orders:write': {} }, verifier: 'behalf' } },
        policy,
      }),
      { onDecision: (record) => decisions.push(record) },
    ),
  )
  stack.defer(() => hook.stop())
  stack.use(
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
      users: [{ login: 'ann@example.com' }, { login: 'bob@example.com' }],
      apps: [
        { clientId: assistant, label: 'Assistant', type: 'native', redirectUris: [redirectUrl] },
        {
          clientId: mcpServer,
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
    audience: orders,
    allowedActors: [mcpServer],
    log: (line) => refusals.push(line),
  })
  stack.defer(() => b.close())
  stack.use(
    await runExample(program, {
      ISSUER: users,
      MCP_URL: mcpUrl,
      DELEGATION_ISSUER: delegation,
      RESOURCE: orders,
      API_B_URL: b.url,
      CLIENT_ID: mcpServer,
      CLIENT_SECRET: secret,
    }),
  )
  const running = stack.move()
  return {
    mcpUrl,
    apiB: b.url,
    users,
    others,
    hook,
    decisions,
    refusals,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
