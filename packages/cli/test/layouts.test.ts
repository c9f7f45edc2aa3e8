import { type BehalfConfig, configFromEnvironment, createHook } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { createSandbox, defaultOrg, type Sandbox, type SandboxOptions } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { hookVariables, layoutOf } from '../src/sandbox/layout.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const [, apiA, apiB] = defaultOrg.apps
const secret = 'hook-secret-0123456789'
const uri = 'http://127.0.0.1:9/inline-hook'
const orders = 'https://orders.example'

/** An org and its hook, which is configured by what the sandbox would print for it. */
async function start(
  options: SandboxOptions,
  others: Partial<Pick<BehalfConfig, 'resources' | 'clients'>> = {},
) {
  let target: string | undefined
  const sandbox = await createSandbox({
    ...options,
    hook: { uri, secret },
    fetch: (url, init) => fetch(url === uri ? (target ?? url) : url, init),
  })
  const layout = layoutOf(sandbox.servers)
  if (layout === undefined) throw new TypeError('the org has no server')
  const hook = await startNodeServer(
    createHook({ ...configFromEnvironment({ ...hookVariables(layout), HOOK_SECRET: secret }), ...others }),
    { drainDelayMs: 0 },
  )
  const hookUp = (up: boolean): void => {
    target = up ? `${hook.origin}/inline-hook` : undefined
  }
  hookUp(true)
  return {
    sandbox,
    ...layout,
    hookUp,
    async [Symbol.asyncDispose]() {
      await Promise.all([hook.stop(), sandbox.close()])
    },
  }
}

async function exchange(issuer: string, args: readonly string[] = []) {
  const env = { CLIENT_ID: apiA.clientId, CLIENT_SECRET: 'api-a-secret-for-the-sandbox-only' }
  const terminal = recordedTerminal({ env })
  const signIn = args.includes('--assertion') ? [] : ['--sign-in', 'alice@example.com']
  const all = ['exchange', '--issuer', issuer, '--scope', 'orders:read', '--json', ...signIn, ...args]
  const code = await main(all, terminal)
  return { exitCode: code, ...JSON.parse(terminal.stdout.join('\n')) }
}

/** What a client gets that presents an assertion, by the token endpoint itself. */
async function request(
  sandbox: Sandbox,
  server: string,
  clientId: string,
  clientSecret: string,
  assertion: string,
): Promise<{ access_token?: string; error_description?: string }> {
  const answer = await fetch(
    `${sandbox.url}/oauth2/${server}/v1/token?${new URLSearchParams({ assertion })}`,
    {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
    },
  )
  return Object(await answer.json())
}

describe('two servers', () => {
  it('exchange finds where the user signs in, and the token is for API B alone', async () => {
    await using world = await start({})
    const { users, delegation } = world
    expect(await exchange(delegation.issuer)).toMatchObject({
      exitCode: 0,
      decision: 'permit',
      assertion: { iss: users.issuer, aud: 'api://a' },
      token: { iss: delegation.issuer, aud: orders, sub: 'alice@example.com' },
      apiB: 'accepts',
    })
  })

  it('exchange says which of several APIs the token is for', async () => {
    const stock = 'https://stock.example'
    const resources = {
      [orders]: { scopes: { 'orders:write': {} } },
      [stock]: { scopes: { 'orders:read': {} }, verifier: 'behalf' },
    } as const
    const clients = { [apiA.clientId]: { resources: [orders, stock] } }
    await using world = await start({}, { resources, clients })
    const { issuer } = world.delegation
    expect(await exchange(issuer)).toMatchObject({ exitCode: 1, code: 'resource_invalid' })
    expect(await exchange(issuer, ['--resource', stock])).toMatchObject({
      exitCode: 0,
      token: { aud: stock },
      apiB: 'accepts',
    })
  })

  it('while the hook is down, a verifier that knows its audience refuses what Okta issues', async () => {
    await using world = await start({})
    world.hookUp(false)
    expect(await exchange(world.delegation.issuer, ['--audience', orders])).toMatchObject({
      exitCode: 1,
      decision: 'plain',
      token: { aud: 'https://undelegated.invalid', sub: apiA.clientId },
      apiB: 'token_invalid',
      apiBDetail: expect.stringMatching(/audience/),
    })
  })
})

// Case S5: ISSUER and AUDIENCE alone.
describe('one server for both APIs', () => {
  it('goes on working: the token is the one of the first stage, and API B accepts it', async () => {
    await using world = await start(oneServer)
    const { issuer, audience } = world.delegation
    expect(world.users).toBe(world.delegation)
    const assertion = await world.sandbox.userToken({ login: 'alice@example.com' })
    const { access_token: token = '' } = await request(
      world.sandbox,
      'default',
      apiA.clientId,
      'api-a-secret-for-the-sandbox-only',
      assertion,
    )
    const access = await createVerifier({ issuer, audience }).verify(token)
    expect(access).toMatchObject({
      subject: 'alice@example.com',
      actor: { sub: apiA.clientId },
      scopes: ['orders:read'],
    })
  })

  it('a delegated token is no token of a user: neither API A nor the hook takes it for one', async () => {
    await using world = await start(oneServer)
    const { issuer, audience } = world.delegation
    const asked = await world.sandbox.userToken({ login: 'alice@example.com' })
    const { access_token: delegated = '' } = await request(
      world.sandbox,
      'default',
      apiA.clientId,
      'api-a-secret-for-the-sandbox-only',
      asked,
    )
    const callers = createVerifier({ issuer, audience, accept: ['user'] })
    expect(await callers.verify(asked)).toMatchObject({ subject: 'alice@example.com' })
    await expect(callers.verify(delegated)).rejects.toMatchObject({ code: 'token_invalid' })
    // Whoever presents it: API A itself, or API B that was called with it.
    for (const [clientId, clientSecret] of [
      [apiA.clientId, 'api-a-secret-for-the-sandbox-only'],
      [apiB.clientId, 'api-b-secret-for-the-sandbox-only'],
    ] as const) {
      const again = await request(world.sandbox, 'default', clientId, clientSecret, delegated)
      expect(again.access_token).toBeUndefined()
      expect(again.error_description).toMatch(/^assertion_/)
    }
  })

  it('is found by exchange without being told', async () => {
    await using world = await start(oneServer)
    expect(await exchange(world.delegation.issuer)).toMatchObject({ exitCode: 0, apiB: 'accepts' })
  })
})
