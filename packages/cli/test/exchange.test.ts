import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { createHook } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { createSandbox, defaultOrg, type Sandbox } from '@behalf/sandbox'
import { listen, oneServer } from '@behalf/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { folderWith } from './behalf-process.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const [, apiA] = defaultOrg.apps
const secret = { CLIENT_ID: apiA.clientId, CLIENT_SECRET: 'api-a-secret-for-the-sandbox-only' }
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const keyed = {
  clientId: '0oaKeyed',
  jwk: { ...publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'key-1' },
}

let sandbox: Sandbox
let issuer: string
let permits = true
let stop: () => Promise<void>
let hookUp: (up: boolean) => void

beforeAll(async () => {
  let target: string | undefined
  sandbox = await createSandbox({
    ...oneServer,
    hook: { uri: 'http://127.0.0.1:9/inline-hook', secret: 'hook-secret-0123456789' },
    apps: [
      ...defaultOrg.apps,
      { clientId: keyed.clientId, type: 'service', auth: { method: 'private_key_jwt', keys: [keyed.jwk] } },
    ],
    fetch: (url, init) => fetch(target ?? url, init),
  })
  issuer = sandbox.servers[0]?.issuer ?? ''
  const hook = createHook({
    authenticate: { secrets: ['hook-secret-0123456789'] },
    issuers: [{ issuer, audiences: ['api://default'] }],
    clients: { [apiA.clientId]: { scopes: ['orders:read'] }, [keyed.clientId]: {} },
    policy: () => (permits ? { decision: 'permit' } : { decision: 'forbid', reason: 'closed today' }),
  })
  const server = await startNodeServer(hook, { drainDelayMs: 0 })
  hookUp = (up) => {
    target = up ? `${server.origin}/inline-hook` : undefined
  }
  hookUp(true)
  stop = async () => {
    await Promise.all([server.stop(), sandbox.close()])
  }
})
afterAll(() => stop())

async function exchange(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = ['--scope', 'orders:read', '--sign-in', 'alice@example.com'],
  input = '',
): Promise<{ code: number; stdout: string; stderr: string }> {
  const terminal = recordedTerminal({ env, input })
  const code = await main(['exchange', '--issuer', issuer, ...args], terminal)
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') }
}

describe('behalf exchange', () => {
  it("shows both tokens side by side, the actor chain, the decision and API B's answer", async () => {
    const { code, stdout } = await exchange(secret)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^The user's token +│ The token that was issued$/m)
    expect(stdout).toMatch(/^ {2}cid +0oaSpa0+1 +│ {3}cid +0oaApiA0+1$/m)
    expect(stdout).toMatch(new RegExp(`└─ ${apiA.clientId} \\(service, http://127\\S+\\)  acts now`))
    expect(stdout).toContain('✓ permitted: a delegated token was issued')
    expect(stdout).toContain('✓ API B accepts it')
    expect(stdout).toMatch(/^! the user's token stood in the URL as it is/m)
    expect(stdout).not.toMatch(/eyJ/)
  })

  it('authenticates with a key from a file', async () => {
    await using folder = await folderWith({
      'key.pem': privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      'key.json': JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'key-1' }),
    })
    for (const name of ['key.pem', 'key.json']) {
      const env = {
        CLIENT_ID: keyed.clientId,
        CLIENT_KEY_FILE: join(folder.path, name),
        CLIENT_KEY_ID: 'key-1',
      }
      expect((await exchange(env)).code).toBe(0)
    }
  })

  it("seals the user's token for the keys of SEAL_JWKS_URI, and sends none where they cannot be had", async () => {
    const seen: string[] = []
    await using keys = await listen((request, response) => {
      seen.push(request.url ?? '')
      response.writeHead(404).end()
    })
    const before = sandbox.systemLog.events().length
    const { code, stdout } = await exchange({
      ...secret,
      SEAL_JWKS_URI: `${keys.origin}/.well-known/jwks.json`,
    })
    expect(code).toBe(1)
    expect(stdout).toMatch(/✗ no token: seal_key_unavailable[\s\S]*answered 404/)
    expect(seen[0]).toBe('/.well-known/jwks.json')
    const urls = sandbox.systemLog
      .events()
      .slice(before)
      .map(({ request }) => request?.url)
    expect(urls.filter((url) => url?.includes('assertion='))).toEqual([])
  })

  it("names the hook's reason when it denies", async () => {
    permits = false
    const { code, stdout } = await exchange(secret)
    permits = true
    expect(code).toBe(1)
    expect(stdout).toMatch(/✗ denied by the hook: policy_denied .*\n {2}closed today/)
  })

  it('shows a plain token for what it is, and that API B refuses it', async () => {
    hookUp(false)
    const { code, stdout } = await exchange(secret)
    const json = await exchange(secret, [
      '--scope',
      'orders:read',
      '--sign-in',
      'alice@example.com',
      '--json',
    ])
    hookUp(true)
    expect(code).toBe(1)
    expect(stdout).toContain('✗ a plain token was issued')
    expect(stdout).toContain('✗ API B refuses it: token_undelegated')
    expect(JSON.parse(json.stdout)).toMatchObject({
      decision: 'plain',
      code: 'token_undelegated',
      assertion: { sub: 'alice@example.com' },
      token: { sub: apiA.clientId },
      apiB: 'token_undelegated',
    })
  })

  it('says which rule the token broke for API B', async () => {
    const args = ['--scope', 'orders:read', '--sign-in', 'alice@example.com', '--audience', 'api://other']
    const { code, stdout } = await exchange(secret, args)
    expect(code).toBe(1)
    expect(stdout).toMatch(/✗ API B refuses it: token_invalid \(.*audience.*\)$/m)
    const json = await exchange(secret, [...args, '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      apiB: 'token_invalid',
      apiBDetail: expect.stringMatching(/audience/),
    })
  })

  it('says what the authorization server refused', async () => {
    const { code, stdout } = await exchange({ ...secret, CLIENT_SECRET: 'wrong' })
    expect(code).toBe(1)
    expect(stdout).toMatch(/✗ no token: token_request_failed/)
    expect(stdout).toMatch(/401 invalid_client/)
  })

  it('refuses an assertion that is none before anything is sent', async () => {
    const { code, stdout } = await exchange(secret, ['--assertion', '-'], 'not a token')
    expect(code).toBe(1)
    expect(stdout).toContain('✗ no token: assertion_malformed')
  })

  it.each([
    [{}, ['--sign-in', 'a'], /CLIENT_ID is not set/],
    [secret, ['--scope', 'a b'], /--scope must be one scope/],
    [secret, ['--issuer', 'https://example.com/?a'], /--issuer must be the https URL/],
    [
      { CLIENT_ID: 'a', CLIENT_SECRET: 's', CLIENT_KEY_FILE: 'k' },
      ['--sign-in', 'a'],
      /CLIENT_SECRET and CLIENT_KEY_FILE are both set/,
    ],
    [{ CLIENT_ID: 'a' }, ['--sign-in', 'a'], /neither CLIENT_SECRET nor CLIENT_KEY_FILE is set/],
    [secret, [], /there is no user's token/],
    [secret, ['--assertion', 'a', '--sign-in', 'b'], /exclude each other/],
    [{ ...secret, CLIENT_AUTH: 'none' }, [], /CLIENT_AUTH must be/],
    [{ ...secret, SEAL_JWKS_URI: '' }, [], /SEAL_JWKS_URI: it /],
    [{ ...secret, SEAL_JWKS_URI: 'http://hook.example/jwks' }, [], /SEAL_JWKS_URI: it is plain http/],
    [secret, ['--assertion', 'none.txt'], /the file that --assertion names does not exist; check the path/],
    [
      secret,
      ['--user-issuer', 'https://no-such-host.invalid/oauth2/users', '--sign-in', 'a'],
      /--sign-in works with a sandbox only; elsewhere give --assertion FILE/,
    ],
  ])('refuses a wrong use in one sentence: %#', async (env, args, sentence) => {
    const { code, stderr } = await exchange({ ...env }, args)
    expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)])
  })

  it.each([
    [['--sign-in', 'nobody@example.com'], /the org has no user 'nobody@example.com'/],
    [
      ['--user-issuer', 'http://127.0.0.1:9/oauth2/default', '--sign-in', 'a'],
      /the sandbox cannot be reached/,
    ],
  ])('fails in one sentence: %#', async (args, sentence) => {
    const { code, stderr } = await exchange(secret, args)
    expect([code, stderr]).toEqual([1, expect.stringMatching(sentence)])
  })
})
