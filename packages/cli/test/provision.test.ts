import { generateKeyPairSync } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '@behalf/core'
import { createSandbox, defaultApiToken, type Sandbox, type SandboxOptions } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { folderWith } from './behalf-process.ts'
import { get, provision, send } from './provisioned-org.ts'

const hook = ['--hook', 'https://hook.example.com/inline-hook']
const rulesPath = '/api/v1/authorizationServers/default/policies'

/** The rule for machines of the default policy, and where it is. */
async function machineRule(sandbox: Sandbox): Promise<{ path: string; rule: JsonObject }> {
  const [policy] = await get(sandbox, rulesPath)
  const path = `${rulesPath}/${policy?.['id']}/rules`
  const rule = (await get(sandbox, path)).find(({ name }) => name === 'Machines')
  return { path: `${path}/${rule?.['id']}`, rule: rule ?? {} }
}

const attached = ({ rule }: { rule: JsonObject }): unknown => Object(rule['actions']).token?.inlineHook

/** Everything that provisioning can change, without ids and dates. */
async function snapshot(sandbox: Sandbox): Promise<unknown> {
  const names = async (path: string, ...members: string[]) =>
    (await get(sandbox, path)).map((document) => members.map((member) => document[member]))
  return {
    hooks: await names('/api/v1/inlineHooks', 'name', 'status'),
    keys: await names('/api/v1/hook-keys', 'name'),
    apps: await names('/api/v1/apps', 'label', 'status'),
    scopes: await names('/api/v1/authorizationServers/default/scopes', 'name', 'description'),
    rule: attached(await machineRule(sandbox)),
  }
}

const oauth = [
  '--hook-client',
  'okta',
  '--hook-token-url',
  'https://as.example.com/token',
  '--hook-scope',
  'hook',
]

describe('behalf provision', () => {
  it.each([
    ['header', ['--hook-auth-header', 'X-Hook-Secret']],
    ['client_secret_post', ['--hook-auth', 'client_secret_post', ...oauth]],
    ['private_key_jwt', ['--hook-auth', 'private_key_jwt', ...oauth]],
  ])('creates everything, changes nothing the second time, and undoes it: %s', async (_, authentication) => {
    await using sandbox = await createSandbox(oneServer)
    const before = await snapshot(sandbox)
    const env = { OKTA_API_TOKEN: defaultApiToken, HOOK_CLIENT_SECRET: 'client-secret' }
    const wanted = [
      ...hook,
      ...authentication,
      '--scope',
      'orders:read',
      '--scope',
      'invoices:read',
      '--app',
      'Invoices',
    ]
    for (let round = 0; round < 2; round++) {
      const first = await provision(sandbox, [...wanted, '--yes', '--json'], env)
      expect([first.code, first.stderr]).toEqual([0, ''])
      const told = JSON.parse(first.stdout)
      expect(told.outcome).toBe('applied')
      expect(told.made).toMatchObject({
        clientId: expect.stringMatching(/^0oa/),
        clientSecret: expect.any(String),
      })
      expect(first.stdout).not.toContain('client-secret')
      expect(attached(await machineRule(sandbox))).toEqual({ id: told.made.hookId })
      const after = await snapshot(sandbox)

      const second = await provision(sandbox, wanted, env)
      expect(second.code).toBe(0)
      expect(second.stdout).toContain('Nothing is to be done.')
      expect(await snapshot(sandbox)).toEqual(after)

      const undone = await provision(sandbox, ['--destroy', '--app', 'Invoices', '--yes'], env)
      expect([undone.code, undone.stderr]).toEqual([0, ''])
      expect(await snapshot(sandbox)).toEqual(before)
    }
    expect((await provision(sandbox, ['--destroy', '--yes'], env)).stdout).toContain('Nothing is to be done.')
  })

  it('shows the plan as a diff and changes nothing without a yes', async () => {
    await using sandbox = await createSandbox(oneServer)
    const before = await snapshot(sandbox)
    const { code, stdout } = await provision(sandbox, [
      ...hook,
      '--scope',
      'orders:read',
      '--scope',
      'new:read',
    ])
    expect(code).toBe(3)
    expect(stdout).toMatch(/^ {2}= scope +orders:read$/m)
    expect(stdout).toMatch(/^ {2}\+ scope +new:read$/m)
    expect(stdout).toMatch(
      /^ {2}\+ inline hook +Behalf\n {8}calls https:\/\/hook\.example\.com\/inline-hook$/m,
    )
    expect(stdout).toMatch(
      /^ {2}~ rule +Default policy \/ Machines\n {8}actions\.token\.inlineHook: none → Behalf$/m,
    )
    expect(stdout).toContain('2 to create, 1 to change, 0 to delete, 1 as wanted.')
    expect(await snapshot(sandbox)).toEqual(before)
    expect((await provision(sandbox, hook, undefined, { Apply: 'no' })).code).toBe(3)
    expect(await snapshot(sandbox)).toEqual(before)
    expect((await provision(sandbox, hook, undefined, { Apply: 'y' })).code).toBe(0)
    expect(await snapshot(sandbox)).toMatchObject({ hooks: [['Behalf', 'ACTIVE']] })
  })

  it("refuses to detach somebody else's hook from a rule, and changes nothing", async () => {
    await using sandbox = await createSandbox({
      ...oneServer,
      hook: { uri: 'https://other.example.com/', secret: 'hook-secret-0123456789' },
    })
    const before = await snapshot(sandbox)
    const { code, stderr } = await provision(sandbox, [
      ...hook,
      '--scope',
      'new:read',
      '--hook-name',
      'Mine',
      '--yes',
    ])
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /the rule 'Default policy \/ Machines' calls another inline hook, 'Behalf' \(cal\w+\).*nothing was changed/,
    )
    expect(await snapshot(sandbox)).toEqual(before)
  })

  it('keeps every member of the rule that it does not know', async () => {
    await using sandbox = await createSandbox(oneServer)
    const { path, rule } = await machineRule(sandbox)
    const unknown = { futureMember: { deep: [1, { two: true }] } }
    const token = { ...Object(rule['actions']).token, futureLimit: 7 }
    await send(sandbox, 'PUT', path, { ...rule, ...unknown, actions: { token } })
    const { rule: before } = await machineRule(sandbox)
    expect((await provision(sandbox, [...hook, '--yes'])).code).toBe(0)
    const { rule: after } = await machineRule(sandbox)
    expect(Object(after['actions']).token).toEqual({
      ...token,
      inlineHook: { id: expect.stringMatching(/^cal/) },
    })
    expect((await provision(sandbox, ['--destroy', '--yes'])).code).toBe(0)
    expect((await machineRule(sandbox)).rule).toEqual({ ...before, lastUpdated: expect.any(String) })
  })

  it('leaves what others have made when it undoes its own', async () => {
    await using sandbox = await createSandbox(oneServer)
    const before = await snapshot(sandbox)
    await provision(sandbox, [...hook, '--scope', 'orders:read', '--app', 'API A', '--yes'])
    const { stdout } = await provision(sandbox, ['--destroy', '--app', 'API A', '--yes'])
    expect(stdout).toMatch(/= app +API A\n +somebody else has made it/)
    expect(await snapshot(sandbox)).toEqual(before)
  })

  it('moves the hook, and wants the secret for that', async () => {
    await using sandbox = await createSandbox(oneServer)
    await provision(sandbox, [...hook, '--yes'])
    const moved = ['--hook', 'https://new.example.com/inline-hook', '--yes']
    expect(await provision(sandbox, moved)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/set HOOK_SECRET/),
    })
    const env = { OKTA_API_TOKEN: defaultApiToken, HOOK_SECRET: '7,given-secret-0123456789' }
    const { code, stdout } = await provision(sandbox, moved, env)
    expect(code).toBe(0)
    expect(stdout).toContain(
      'uri: https://hook.example.com/inline-hook → https://new.example.com/inline-hook',
    )
    expect(stdout).not.toContain('given')
    expect((await provision(sandbox, moved, env)).stdout).toContain('Nothing is to be done.')
    const replaced = await provision(sandbox, [...moved, '--replace-secret'])
    expect(replaced.stdout).toMatch(/secret: replaced[\s\S]*HOOK_SECRET=[\w-]{43}/)
  })

  it('activates a hook that was switched off', async () => {
    await using sandbox = await createSandbox(oneServer)
    await provision(sandbox, [...hook, '--yes'])
    const [{ id } = { id: '' }] = await get(sandbox, '/api/v1/inlineHooks')
    await send(sandbox, 'POST', `/api/v1/inlineHooks/${id}/lifecycle/deactivate`, {})
    const { code, stdout } = await provision(sandbox, [...hook, '--yes'])
    expect([code, stdout]).toEqual([0, expect.stringContaining('status: INACTIVE → ACTIVE')])
    expect(await snapshot(sandbox)).toMatchObject({ hooks: [['Behalf', 'ACTIVE']] })
  })

  it('asks which rule when there are several', async () => {
    const rules = ['One', 'Two'].map((name) => ({
      name,
      grantTypes: ['client_credentials'],
      scopes: ['a:read'],
    }))
    const options: SandboxOptions = {
      authorizationServers: [
        { id: 'default', scopes: ['a:read'], policies: [{ name: 'P', clients: ['0oaX'], rules }] },
      ],
    }
    await using sandbox = await createSandbox(options)
    expect(await provision(sandbox, hook)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /several rules serve client_credentials: 'P \/ One', 'P \/ Two'; choose one/,
      ),
    })
    const chosen = await provision(sandbox, [...hook, '--rule', 'Two', '--scope', 'b:read', '--app', 'New'])
    expect(chosen.stdout).toContain('~ rule         P / Two')
    expect(chosen.stdout).toContain('! the rule does not grant b:read')
    expect(chosen.stdout).toContain("! the policy 'P' is for certain clients only")
    expect((await provision(sandbox, [...hook, '--rule', 'Three'])).stderr).toMatch(
      /choose one of 'P \/ One', 'P \/ Two'/,
    )
  })

  it('writes secrets to a file for its owner only, and never twice', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const file = join(folder.path, 'secrets.env')
    const { stdout } = await provision(sandbox, [...hook, '--yes', '--secrets-file', file])
    const secret = /^HOOK_SECRET=([\w-]{43})\n$/.exec(await readFile(file, 'utf8'))?.[1] ?? ''
    expect(secret).not.toBe('')
    expect(stdout).not.toContain(secret)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await provision(sandbox, [...hook, '--secrets-file', file])).stderr).toMatch(/exists already/)
  })

  it('works with a service app and a private key in place of an API token', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await using sandbox = await createSandbox({
      ...oneServer,
      apps: [
        {
          clientId: '0oaAdmin',
          type: 'service',
          auth: {
            method: 'private_key_jwt',
            keys: [{ ...publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'k' }],
          },
          managementScopes: [
            'okta.inlineHooks.manage',
            'okta.authorizationServers.manage',
            'okta.apps.manage',
            'okta.logs.read',
          ],
        },
      ],
    })
    await using folder = await folderWith({
      'admin.pem': privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    })
    const env = {
      OKTA_CLIENT_ID: '0oaAdmin',
      OKTA_PRIVATE_KEY_FILE: join(folder.path, 'admin.pem'),
      OKTA_KEY_ID: 'k',
    }
    expect(await provision(sandbox, [...hook, '--yes'], env)).toMatchObject({ code: 0, stderr: '' })
  })

  it.each([
    ['no org', { OKTA_ORG_URL: '' }, hook, 2, /OKTA_ORG_URL is not set/],
    [
      'an org without TLS',
      { OKTA_ORG_URL: 'http://example.okta.com' },
      hook,
      2,
      /OKTA_ORG_URL must be an https URL/,
    ],
    ['no credentials', {}, hook, 2, /set OKTA_API_TOKEN, or OKTA_CLIENT_ID/],
    [
      'wrong credentials',
      { OKTA_API_TOKEN: 'wrong' },
      hook,
      1,
      /401 E0000011 Invalid token provided; check OKTA_API_TOKEN/,
    ],
    ['no hook', {}, [], 2, /--hook is missing/],
    [
      'a secret in quotes',
      { HOOK_SECRET: '"7,kQ0-secret-0123456789"' },
      hook,
      2,
      /HOOK_SECRET is in quotes; .*would not start/,
    ],
    ['a hook without TLS', {}, ['--hook', 'http://hook.example.com'], 2, /--hook must be an https URL/],
    ['OAuth without a client', {}, [...hook, '--hook-auth', 'private_key_jwt'], 2, /needs --hook-client/],
    [
      'OAuth without a secret',
      {},
      [...hook, '--hook-auth', 'client_secret_post', ...oauth],
      2,
      /HOOK_CLIENT_SECRET is not set/,
    ],
    [
      'an app without a key',
      {},
      [...hook, '--app', 'X', '--app-auth', 'private_key_jwt'],
      2,
      /needs --app-key/,
    ],
    ['another server', { OKTA_API_TOKEN: defaultApiToken }, [...hook, '--server', 'none'], 1, /404 E0000007/],
  ])('says in one sentence what is wrong with %s', async (_, env, args, code, sentence) => {
    await using sandbox = await createSandbox(oneServer)
    const outcome = await provision(sandbox, args, env)
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringMatching(sentence)])
    expect(outcome.stderr.split('\n')).toHaveLength(1)
  })

  it('says that an org cannot be reached', async () => {
    const { code, stderr } = await provision({ url: 'http://127.0.0.1:9' }, hook)
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/ECONNREFUSED; nothing listens there.*OKTA_ORG_URL/),
    ])
  })
})
