import { createSandbox, defaultApiToken, defaultOrg, type SandboxOptions } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { get, provision, send, standInFront } from './provisioned-org.ts'

const hook = ['--hook', 'https://hook.example.com/inline-hook']
const policiesPath = '/api/v1/authorizationServers/default/policies'

/** One rule for sign-in and machines alike, as Okta makes them by default. */
const shared: SandboxOptions = {
  authorizationServers: [
    {
      id: 'default',
      scopes: ['orders:read'],
      policies: [
        {
          name: 'Default',
          rules: [{ name: 'All', grantTypes: ['authorization_code', 'client_credentials'] }],
        },
      ],
    },
  ],
}

describe('behalf provision and the rule that calls the hook', () => {
  it('refuses a rule that serves sign-in, names its grant types, and offers one for API A alone', async () => {
    await using sandbox = await createSandbox(shared)
    const [policy] = await get(sandbox, policiesPath)
    const rules = await get(sandbox, `${policiesPath}/${policy?.['id']}/rules`)
    for (const choice of [[], ['--policy', 'Default'], ['--rule', 'All']]) {
      const { code, stderr } = await provision(sandbox, [...hook, ...choice, '--yes'])
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/'Default \/ All' serves authorization_code, client_credentials.*--own-rule/),
      ])
    }
    expect(await get(sandbox, '/api/v1/inlineHooks')).toEqual([])
    expect(await get(sandbox, `${policiesPath}/${policy?.['id']}/rules`)).toEqual(rules)
  })

  const apiA = defaultOrg.apps[1].clientId
  it.each<[string, string[] | undefined, string[]]>([
    ['API A alone', [apiA], []],
    ['API A and another', [apiA, '0oaReports'], ["the policy 'P' is for 0oaReports: the hook denies"]],
    ['all clients', undefined, ["the policy 'P' is for all clients: the hook denies"]],
    [
      'another alone',
      ['0oaReports'],
      ["the policy 'P' is for certain clients only", "the policy 'P' is for 0oaReports: the hook denies"],
    ],
  ])('tells whose machine tokens the hook decides about: %s', async (_, clients, remarks) => {
    const rules = [{ name: 'R', grantTypes: ['client_credentials'] }]
    await using sandbox = await createSandbox({
      authorizationServers: [
        { id: 'default', policies: [{ name: 'P', rules, ...(clients === undefined ? {} : { clients }) }] },
      ],
    })
    const { stdout } = await provision(sandbox, [...hook, '--app', 'API A'])
    expect(stdout.match(/(?<=! ).*/g) ?? []).toEqual(remarks.map((remark) => expect.stringContaining(remark)))
  })

  it('makes a policy and a rule for API A alone, tried first, and takes them away again', async () => {
    await using sandbox = await createSandbox(shared)
    const before = await get(sandbox, policiesPath)
    const wanted = [...hook, '--app', 'API A', '--scope', 'orders:read', '--own-rule']
    const { code, stdout } = await provision(sandbox, [...wanted, '--yes'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /\+ policy +Behalf for API A\n +for 'API A' alone\n +tried before all other policies/,
    )
    expect(stdout).toMatch(
      /\+ rule +Behalf for API A \/ Token exchange\n +serves client_credentials alone, calls Behalf\n +grants orders:read for 5 min/,
    )
    const [own, ...others] = await get(sandbox, policiesPath)
    expect(own).toMatchObject({
      priority: 1,
      description: 'Made by behalf provision for Behalf',
      conditions: { clients: { include: [apiA] } },
    })
    expect(others.map(({ name }) => name)).toEqual(['Default'])
    const [rule] = await get(sandbox, `${policiesPath}/${own?.['id']}/rules`)
    const [{ id } = { id: '' }] = await get(sandbox, '/api/v1/inlineHooks')
    expect(rule).toMatchObject({
      conditions: { grantTypes: { include: ['client_credentials'] }, scopes: { include: ['orders:read'] } },
      actions: { token: { accessTokenLifetimeMinutes: 5, inlineHook: { id } } },
    })
    expect((await provision(sandbox, wanted)).stdout).toContain('Nothing is to be done.')

    const more = await provision(sandbox, [
      ...wanted,
      '--scope',
      'new:read',
      '--lifetime-minutes',
      '10',
      '--yes',
    ])
    expect(more.stdout).toMatch(/~ rule +.*\n +scopes: new:read added\n +lifetime: 5 → 10 min/)
    expect((await provision(sandbox, ['--destroy', '--app', 'API A', '--yes'])).code).toBe(0)
    expect(await get(sandbox, policiesPath)).toEqual(before)
  })

  it('puts its own rule right when others have changed it', async () => {
    await using sandbox = await createSandbox(shared)
    const wanted = [...hook, '--app', 'API A', '--scope', 'orders:read', '--own-rule']
    await provision(sandbox, [...wanted, '--yes'])
    const [own] = await get(sandbox, policiesPath)
    const rulesPath = `${policiesPath}/${own?.['id']}/rules`
    const [rule] = await get(sandbox, rulesPath)
    await send(sandbox, 'PUT', `${rulesPath}/${rule?.['id']}`, {
      ...rule,
      conditions: {
        grantTypes: { include: ['client_credentials', 'authorization_code'] },
        scopes: { include: ['*'] },
      },
      actions: { token: {} },
    })
    await send(sandbox, 'PUT', `${policiesPath}/${own?.['id']}`, { ...own, priority: 2 })
    const { stdout } = await provision(sandbox, [...wanted, '--yes'])
    expect(stdout).toMatch(/~ policy +Behalf for API A\n +priority: 2 → 1/)
    expect(stdout).toMatch(
      /actions\.token\.inlineHook: → Behalf\n +grant types: client_credentials, authorization_code →/,
    )
    expect((await provision(sandbox, wanted)).stdout).toContain('Nothing is to be done.')
  })

  it.each([
    [['--own-rule'], /needs --app and at least one --scope/],
    [['--own-rule', '--app', 'A', '--scope', 's', '--rule', 'R'], /exclude each other/],
    [['--own-rule', '--app', 'A', '--scope', 's', '--lifetime-minutes', '4'], /from 5 to 1440/],
    [['--lifetime-minutes', '5'], /is for --own-rule/],
    [['--hook-client', 'x'], /are for OAuth/],
    [['--app-key', 'x'], /give --app, too/],
    [['--destroy'], /--destroy takes no --hook/],
  ])('refuses %j', async (args, sentence) => {
    const { code, stderr } = await provision({ url: 'http://127.0.0.1:9' }, [...hook, ...args])
    expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)])
  })

  it.each(['client_secret_post', 'private_key_jwt'])(
    'refuses %s with a token of the server whose rule calls the hook',
    async (method) => {
      await using sandbox = await createSandbox({
        authorizationServers: [...oneServer.authorizationServers, { id: 'hooks', scopes: ['hook'] }],
      })
      const env = { OKTA_API_TOKEN: defaultApiToken, HOOK_CLIENT_SECRET: 'client-secret' }
      const from = (server: string): string[] => [
        ...[...hook, '--hook-auth', method, '--hook-client', '0oaOkta', '--hook-scope', 'hook'],
        ...['--hook-token-url', `${sandbox.url}/oauth2/${server}/v1/token`],
      ]
      const { code, stderr } = await provision(sandbox, [...from('default'), '--yes'], env)
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(
          /'Default policy \/ Machines' calls the hook, so that each call would cause another/,
        ),
      ])
      // The same server under another name, as behind a custom domain.
      const alias = from('default').map((text) => text.replace('127.0.0.1', 'localhost'))
      expect((await provision(sandbox, [...alias, '--yes'], env)).stderr).toMatch(
        /each call would cause another/,
      )
      const custom = from('default').map((text) => text.replace(sandbox.url, 'https://login.example.com'))
      const apiA = custom.map((text) => (text === '0oaOkta' ? '0oaApiA0000000000001' : text))
      expect((await provision(sandbox, [...apiA, '--yes'], env)).stderr).toMatch(
        /each call would cause another/,
      )
      // The `default` of another org: its client is not one of this org.
      expect((await provision(sandbox, custom, env)).code).toBe(3)
      expect(await get(sandbox, '/api/v1/inlineHooks')).toEqual([])
      expect((await provision(sandbox, [...from('hooks'), '--yes'], env)).code).toBe(0)
      // A rule for API A alone does not serve Okta's own client.
      await provision(sandbox, ['--destroy', '--yes'], env)
      const own = [...from('default'), '--own-rule', '--app', 'API A', '--scope', 'orders:read', '--yes']
      expect((await provision(sandbox, own, env)).code).toBe(0)
      // What was attached by hand since is seen, too.
      const [{ id } = { id: '' }] = await get(sandbox, '/api/v1/inlineHooks')
      const policies = await get(sandbox, policiesPath)
      const rulesPath = `${policiesPath}/${policies[1]?.['id']}/rules`
      const rule = (await get(sandbox, rulesPath)).find(({ name }) => name === 'Machines')
      await send(sandbox, 'PUT', `${rulesPath}/${rule?.['id']}`, {
        ...rule,
        actions: { token: { inlineHook: { id: id ?? '' } } },
      })
      expect((await provision(sandbox, own, env)).stderr).toMatch(
        /'Default policy \/ Machines' calls the hook/,
      )
    },
  )

  it('prints a hook key that libraries take, when it is made and later', async () => {
    await using sandbox = await createSandbox(oneServer)
    const wanted = [
      ...[...hook, '--hook-auth', 'private_key_jwt', '--hook-client', 'okta', '--hook-scope', 'hook'],
      ...['--hook-token-url', 'https://as.example.com/token'],
    ]
    const made = JSON.parse((await provision(sandbox, [...wanted, '--yes', '--json'])).stdout).made
      .hookPublicKey
    expect(made).toEqual({
      kty: 'RSA',
      alg: 'RS256',
      use: 'sig',
      kid: expect.any(String),
      n: expect.any(String),
      e: 'AQAB',
    })
    expect((await provision(sandbox, wanted)).stdout).toContain(`public key ${JSON.stringify(made)}`)
  })
})

describe('behalf provision and an org of many', () => {
  const many: SandboxOptions = {
    authorizationServers: [
      {
        id: 'default',
        policies: Array.from({ length: 250 }, (_, index) => ({
          name: `Policy ${index}`,
          clients: ['0oaX'],
          rules: [{ name: 'R', grantTypes: [index === 249 ? 'client_credentials' : 'authorization_code'] }],
        })),
      },
    ],
  }

  it('reads every page of a list, however many there are', async () => {
    await using sandbox = await createSandbox(many)
    await using front = await standInFront(sandbox, { pageSize: 2 })
    const { code, stdout } = await provision(front, hook)
    expect([code, stdout]).toEqual([3, expect.stringContaining('~ rule         Policy 249 / R')])
  })

  it('asks for one policy when it is named', async () => {
    await using sandbox = await createSandbox(many)
    await using front = await standInFront(sandbox)
    const { code } = await provision(front, [...hook, '--policy', 'Policy 249'])
    expect([code, front.calls.length]).toEqual([3, 3])
  })

  it('takes no list without an end for a whole one', async () => {
    await using sandbox = await createSandbox(oneServer)
    // A next page that is the page itself.
    await using front = await standInFront(sandbox, { pageSize: 0 })
    const { code, stderr } = await provision(front, hook)
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/has no end after 2 pages, and nothing is concluded/),
    ])
  })
})
