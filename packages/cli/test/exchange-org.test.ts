import {
  createSandbox,
  defaultApiToken,
  defaultOrg,
  type Sandbox,
  type SandboxOptions,
} from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import './okta-sdk-loaded.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const [, apiA] = defaultOrg.apps
const client = { CLIENT_ID: apiA.clientId, CLIENT_SECRET: 'api-a-secret-for-the-sandbox-only' }
const spa = (name: string): NonNullable<SandboxOptions['apps']>[number] => ({
  clientId: `0oa${name}`,
  label: name,
  type: 'spa',
  redirectUris: [`http://localhost:4200/${name}/callback`],
})

async function exchange(
  { url }: Sandbox,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = { OKTA_ORG_URL: url, OKTA_API_TOKEN: defaultApiToken },
): Promise<{ code: number; stdout: string; stderr: string }> {
  const terminal = recordedTerminal({ env: { ...client, ...env } })
  const signIn = [
    ...(args.includes('--issuer') ? [] : ['--issuer', `${url}/oauth2/default`]),
    '--scope',
    'orders:read',
    '--sign-in',
    'alice@example.com',
  ]
  const code = await main(['exchange', ...signIn, ...args], terminal)
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') }
}

describe('behalf exchange --sign-in at a sandbox of its own seed', () => {
  it('finds the app and its redirect URI itself', async () => {
    await using sandbox = await createSandbox({ ...oneServer, apps: [spa('Shop'), apiA] })
    const { stdout } = await exchange(sandbox, [], {})
    expect(stdout).toMatch(/^ {2}cid +0oaShop /m)
  })

  it('takes the first of several, or the one that is named, and says when there is none', async () => {
    await using sandbox = await createSandbox({ ...oneServer, apps: [spa('Shop'), spa('Staff'), apiA] })
    expect((await exchange(sandbox)).stdout).toMatch(/^ {2}cid +0oaShop /m)
    expect((await exchange(sandbox, ['--app', '0oaStaff'])).stdout).toMatch(/^ {2}cid +0oaStaff /m)
    expect((await exchange(sandbox, ['--app', '0oaNone'])).stderr).toMatch(/no app '0oaNone'/)
    expect((await exchange(sandbox, ['--app', apiA.clientId])).stderr).toMatch(/that people can sign in to/)
    await using empty = await createSandbox({ ...oneServer, apps: [apiA] })
    expect((await exchange(empty)).stderr).toMatch(/no app that people can sign in to/)
  })

  it('signs in to an app with a secret, too, and where the policy lets people sign in', async () => {
    await using sandbox = await createSandbox({
      authorizationServers: [
        {
          id: 'delegation',
          scopes: ['orders:read'],
          policies: [{ name: 'p', rules: [{ name: 'm', grantTypes: ['client_credentials'] }] }],
        },
        {
          id: 'staff',
          policies: [
            { name: 'p', clients: ['0oaWeb'], rules: [{ name: 'r', grantTypes: ['authorization_code'] }] },
          ],
        },
      ],
      apps: [
        spa('Shop'),
        {
          clientId: '0oaWeb',
          type: 'web',
          redirectUris: ['https://shop.example/callback'],
          auth: { method: 'client_secret_basic', clientSecret: 'a secret: 100 % of an app' },
        },
        apiA,
      ],
    })
    const { stdout } = await exchange(sandbox, ['--issuer', `${sandbox.url}/oauth2/delegation`])
    expect(stdout).toMatch(/^ {2}cid +0oaWeb /m)
    expect(stdout).toMatch(/^ {2}iss +\S+\/oauth2\/staff /m)
  })
})

describe('behalf doctor --sign-in at a sandbox of its own seed', () => {
  it('finds app, redirect URI and server itself, or takes the app that is named', async () => {
    await using sandbox = await createSandbox({ ...oneServer, apps: [spa('Shop'), spa('Staff'), apiA] })
    const doctor = async (...args: string[]) => {
      const terminal = recordedTerminal({ env: client })
      const asked = ['--issuer', `${sandbox.url}/oauth2/default`, '--scope', 'orders:read']
      await main(['doctor', ...asked, '--sign-in', 'alice@example.com', '--json', ...args], terminal)
      const { findings } = JSON.parse(terminal.stdout.join('') || '{ "findings": [] }')
      return { findings, stderr: terminal.stderr.join() }
    }
    // No hook is attached: the exchange was tried with the user's token, and came out plain.
    const tried = {
      check: 'exchange',
      status: 'failure',
      detail: expect.stringMatching(/^token_undelegated/),
    }
    expect((await doctor()).findings).toContainEqual(expect.objectContaining(tried))
    expect((await doctor('--app', '0oaStaff')).findings).toContainEqual(expect.objectContaining(tried))
    expect((await doctor('--app', '0oaNone')).stderr).toMatch(/no app '0oaNone'/)
  })
})

describe('behalf exchange that ends in a plain token', () => {
  const down = { uri: 'http://127.0.0.1:9/inline-hook', secret: 'a-secret-of-the-hook' }

  it('says that no hook is attached', async () => {
    await using sandbox = await createSandbox(oneServer)
    const { code, stdout } = await exchange(sandbox)
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/'Default policy \/ Machines' decides about 0oaApiA0+1, and it calls no hook/),
    ])
  })

  it('says that the hook is inactive, or that it failed', async () => {
    await using sandbox = await createSandbox({ ...oneServer, hook: down })
    expect((await exchange(sandbox)).stdout).toMatch(/calls 'Behalf': it did not answer in time/)
    const [id] = sandbox.exportState().inlineHooks.map((hook) => hook.id)
    await fetch(`${sandbox.url}/api/v1/inlineHooks/${id}/lifecycle/deactivate`, {
      method: 'POST',
      headers: { authorization: `SSWS ${defaultApiToken}` },
    })
    expect((await exchange(sandbox)).stdout).toMatch(/the hook that it calls, 'Behalf', is inactive/)
  })

  it('names all causes when the org cannot be asked', async () => {
    await using sandbox = await createSandbox(oneServer)
    expect((await exchange(sandbox, [], {})).stdout).toMatch(
      /either the rule calls no hook, or .* set OKTA_ORG_URL/,
    )
    const wrong = { OKTA_ORG_URL: sandbox.url, OKTA_API_TOKEN: 'wrong' }
    expect((await exchange(sandbox, [], wrong)).stdout).toMatch(/the org did not tell which: .*401 E0000011/)
  })
})
