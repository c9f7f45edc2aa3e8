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
    '--issuer',
    `${url}/oauth2/default`,
    '--scope',
    'orders:read',
    '--sign-in',
    'alice@example.com',
  ]
  const code = await main(['exchange', ...signIn, ...args], terminal)
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') }
}

describe('behalf exchange --sign-in at a sandbox of its own seed', () => {
  it('finds the app and its redirect URI', async () => {
    await using sandbox = await createSandbox({ ...oneServer, apps: [spa('Shop'), apiA] })
    const { stdout } = await exchange(sandbox)
    expect(stdout).toMatch(/^ {2}cid +0oaShop /m)
    const without = await exchange(sandbox, [], {})
    expect([without.code, without.stderr]).toEqual([
      1,
      expect.stringMatching(/set OKTA_ORG_URL and OKTA_API_TOKEN/),
    ])
  })

  it('guesses none of several, takes the one that is named, and says when there is none', async () => {
    await using sandbox = await createSandbox({ ...oneServer, apps: [spa('Shop'), spa('Staff'), apiA] })
    expect((await exchange(sandbox)).stderr).toMatch(
      /several apps sign users in: 'Shop' \(0oaShop\), 'Staff' \(0oaStaff\); choose one with --app/,
    )
    expect((await exchange(sandbox, ['--app', '0oaStaff'])).stdout).toMatch(/^ {2}cid +0oaStaff /m)
    expect((await exchange(sandbox, ['--app', '0oaNone'])).stderr).toMatch(/no app 0oaNone/)
    expect((await exchange(sandbox, ['--app', apiA.clientId])).stderr).toMatch(/has no redirect URI/)
    await using empty = await createSandbox({ ...oneServer, apps: [apiA] })
    expect((await exchange(empty)).stderr).toMatch(/no public app .* that signs users in/)
  })

  it('gives the token of another org to nobody', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using other = await createSandbox({ ...oneServer, apps: [spa('Shop')] })
    const { stdout } = await exchange(other, [], {
      OKTA_ORG_URL: sandbox.url,
      OKTA_API_TOKEN: 'secret-of-another-org',
    })
    expect(stdout).not.toContain('0oaShop')
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
    const file = ['--app', '0oaSpa00000000000001']
    expect((await exchange(sandbox, file, wrong)).stderr).toMatch(/401 E0000011/)
  })
})
