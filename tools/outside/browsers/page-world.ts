import { createHook, defineConfig } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { createSandbox, type Sandbox, type UserOptions } from '@behalf/sandbox'
import { freePort } from '../../free-port.ts'

const apiA = '0oaApiA'
const clientSecret = 'secret-of-api-a'
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
  /** @returns what the token endpoint answered, and Okta's id of the request */
  exchange(login: string): Promise<{ readonly token: string; readonly id: string }>
}

/** Starts the org and the hook, each on loopback. */
export async function startPageWorld(users: readonly UserOptions[] = people): Promise<PageWorld> {
  await using stack = new AsyncDisposableStack()
  const port = await freePort()
  const issuerOf = (id: string): string => `http://127.0.0.1:${port}/oauth2/${id}`
  const config = defineConfig({
    authenticate: { secrets: [hookSecret] },
    issuers: [{ issuer: issuerOf('users'), audiences: ['api://a'] }],
    clients: { [apiA]: { resources: [resource] } },
    resources: { [resource]: { scopes: { 'orders:read': {}, 'orders:write': {} }, verifier: 'behalf' } },
    policy: ({ scopes }) =>
      scopes.includes('orders:write')
        ? { decision: 'forbid', reason: script, policies: ['readers-only'] }
        : { decision: 'permit', policies: ['everybody-reads'] },
  })
  let sandbox: Sandbox | undefined
  const ids = new Map<string, string>()
  const hook = await startNodeServer(
    createHook(config, {
      onStep({ decisionId, requestId, step, outcome, code, detail }) {
        if (requestId !== undefined) ids.set(decisionId, requestId)
        sandbox?.annotate(
          { requestId: requestId ?? ids.get(decisionId) ?? 'unknown' },
          {
            steps: [
              {
                step,
                outcome,
                ...(code === undefined ? {} : { code }),
                ...(detail === undefined ? {} : { detail }),
              },
            ],
          },
        )
      },
      onDecision({ requestId, policies = [] }) {
        if (requestId !== undefined) sandbox?.annotate({ requestId }, { policies })
      },
    }),
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
      ],
    }),
  )
  sandbox = org
  const running = stack.move()
  return {
    sandbox: org,
    async exchange(login) {
      const assertion = await org.userToken({
        login,
        server: 'users',
        ...(login === mallory ? { claims: { note: script } } : {}),
      })
      const response = await fetch(`${issuerOf('behalf')}/v1/token?${new URLSearchParams({ assertion })}`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${apiA}:${clientSecret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
      })
      const { access_token: token } = JSON.parse(await response.text())
      return { token: String(token), id: response.headers.get('x-okta-request-id') ?? '' }
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
