import { createHook, defineConfig, type PolicyFunction } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import {
  createSandbox,
  hookNotes,
  type JsonObject,
  type PolicyInForce,
  type Sandbox,
  type UserOptions,
} from '@behalf/sandbox'
import { freePort } from '../../free-port.ts'

const apiA = '0oaApiA'
/** An actor that is no service. */
const assistant = '0oaAssistant'
const clientSecret = 'secret-of-api-a'
export const agent = { client: assistant }
export const alice = 'alice@example.com'
/** Somebody whose name is a script, and a claim too. */
export const mallory = 'mallory@example.com'
export const script = '<img src=x onerror="window.ran=true"><script>window.ran=true</script>'
const resource = 'https://orders.example'

const hookSecret = 'shared-by-okta-and-the-hook'

const people: readonly UserOptions[] = [
  { login: alice, name: 'Alice Adams' },
  { login: mallory, name: script },
]

/** An org whose hook tells the sandbox what it does, and a way to exchange a user's token as API A does. */
export interface PageWorld extends AsyncDisposable {
  readonly sandbox: Sandbox
  /** What the page is told that the hook decides by. */
  readonly policy: PolicyInForce
  /** @returns what the token endpoint answered, and Okta's id of the request */
  exchange(
    login: string,
    as?: { readonly client?: string; readonly claims?: JsonObject },
  ): Promise<{ readonly token: string; readonly id: string }>
}

const policy: PolicyFunction = ({ scopes }) =>
  scopes.includes('orders:write')
    ? { decision: 'forbid', reason: script, policies: ['readers-only'] }
    : { decision: 'permit', policies: ['everybody-reads'] }

/** What the page is told of it. */
const inForce: PolicyInForce = {
  policies: [
    {
      id: 'everybody-reads',
      effect: 'permit',
      place: 'policies/orders.cedar:1',
      text: '@id("everybody-reads")\npermit (principal, action, resource)\nwhen { context.scopes == ["orders:read"] };',
    },
    {
      id: 'readers-only',
      effect: 'forbid',
      place: 'policies/orders.cedar:5',
      text: `@id("readers-only")\n@reason(${JSON.stringify(script)})\nforbid (principal, action, resource);`,
    },
  ],
}

/** Starts the org and the hook, each on loopback. */
export async function startPageWorld(users: readonly UserOptions[] = people): Promise<PageWorld> {
  await using stack = new AsyncDisposableStack()
  const port = await freePort()
  const issuerOf = (id: string): string => `http://127.0.0.1:${port}/oauth2/${id}`
  const config = defineConfig({
    authenticate: { secrets: [hookSecret] },
    issuers: [{ issuer: issuerOf('users'), audiences: ['api://a'] }],
    clients: {
      [apiA]: { resources: [resource] },
      [assistant]: { resources: [resource], actorProfile: 'ai_agent' },
    },
    resources: { [resource]: { scopes: { 'orders:read': {}, 'orders:write': {} }, verifier: 'behalf' } },
    policy,
  })
  let sandbox: Sandbox | undefined
  const hook = await startNodeServer(
    createHook(
      config,
      hookNotes((key, note) => sandbox?.annotate(key, note) ?? false),
    ),
  )
  stack.defer(() => hook.stop())
  const org = stack.use(
    await createSandbox({
      port,
      // A busy machine is no fault that these tests are about.
      hookTimeoutMs: 30_000,
      hook: { uri: `${hook.origin}/inline-hook`, secret: hookSecret },
      authorizationServers: [
        { id: 'users', audience: 'api://a', accessTokenClaims: ['name'] },
        { id: 'behalf', audience: 'https://undelegated.invalid', scopes: ['orders:read', 'orders:write'] },
      ],
      users,
      apps: [
        {
          clientId: '0oaSpa',
          label: 'Web shop',
          type: 'spa',
          redirectUris: ['http://127.0.0.1:3000/callback'],
        },
        {
          clientId: apiA,
          label: 'API A',
          type: 'service',
          auth: { method: 'client_secret_basic', clientSecret },
        },
        {
          clientId: assistant,
          label: 'Assistant',
          type: 'service',
          auth: { method: 'client_secret_basic', clientSecret },
        },
      ],
    }),
  )
  sandbox = org
  org.showPolicy(inForce)
  const running = stack.move()
  return {
    sandbox: org,
    policy: inForce,
    async exchange(login, { client = apiA, claims = login === mallory ? { note: script } : {} } = {}) {
      const assertion = await org.userToken({
        login,
        server: 'users',
        claims,
      })
      const response = await fetch(`${issuerOf('behalf')}/v1/token?${new URLSearchParams({ assertion })}`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${client}:${clientSecret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
      })
      const { access_token: token } = JSON.parse(await response.text())
      return { token: String(token), id: response.headers.get('x-okta-request-id') ?? '' }
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
