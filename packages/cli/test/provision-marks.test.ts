import type { JsonObject } from '@behalf/core'
import { createSandbox, defaultApiToken, type Sandbox } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { get, provision, send, standInFront } from './provisioned-org.ts'

const hook = ['--hook', 'https://hook.example.com/inline-hook']
const policiesPath = '/api/v1/authorizationServers/default/policies'
const oauth = [
  '--hook-client',
  'okta',
  '--hook-token-url',
  'https://as.example.com/token',
  '--hook-scope',
  'hook',
]
const everything = [
  ...[...hook, '--hook-auth', 'private_key_jwt', ...oauth],
  ...['--app', 'Invoices', '--scope', 'invoices:read', '--own-rule'],
]
const undo = ['--destroy', '--app', 'Invoices', '--yes']

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/

/** All that provisioning may touch, whole, but for dates. */
async function stateOf(sandbox: Sandbox): Promise<unknown> {
  const without = (documents: JsonObject[]): JsonObject[] =>
    documents.map(({ lastUpdated: _, ...document }) => document)
  const policies = await get(sandbox, policiesPath)
  return {
    hooks: without(await get(sandbox, '/api/v1/inlineHooks')),
    keys: without(await get(sandbox, '/api/v1/hook-keys')),
    apps: without(await get(sandbox, '/api/v1/apps')),
    scopes: without(await get(sandbox, '/api/v1/authorizationServers/default/scopes')),
    policies: without(policies),
    rules: await Promise.all(
      policies.map(async ({ id }) => without(await get(sandbox, `${policiesPath}/${id}/rules`))),
    ),
  }
}

/** A hook that an administrator has made under the name that provisioning uses, attached to the rule for machines. */
async function foreignHook(sandbox: Sandbox): Promise<void> {
  const key = await send(sandbox, 'POST', '/api/v1/hook-keys', { name: 'Behalf key' })
  const { id } = await send(sandbox, 'POST', '/api/v1/inlineHooks', {
    name: 'Behalf',
    type: 'com.okta.oauth2.tokens.transform',
    version: '1.0.0',
    channel: {
      type: 'OAUTH',
      version: '1.0.0',
      config: {
        uri: 'https://theirs.example.com/',
        method: 'POST',
        headers: [{ key: 'X-Theirs', value: 'yes' }],
        authType: 'private_key_jwt',
        clientId: 'theirs',
        hookKeyId: key['id'] ?? '',
        tokenUrl: 'https://as.example.com/token',
        scope: 'hook',
      },
    },
  })
  const [policy] = await get(sandbox, policiesPath)
  const rulesPath = `${policiesPath}/${policy?.['id']}/rules`
  const rule = (await get(sandbox, rulesPath)).find(({ name }) => name === 'Machines')
  await send(sandbox, 'PUT', `${rulesPath}/${rule?.['id']}`, {
    ...rule,
    actions: { token: { inlineHook: { id: id ?? '' } } },
  })
}

describe('behalf provision and what others have made', () => {
  it('keeps a hook, its key and its rule that somebody else has made', async () => {
    await using sandbox = await createSandbox(oneServer)
    await foreignHook(sandbox)
    const before = await stateOf(sandbox)
    const { code, stdout } = await provision(sandbox, ['--destroy', '--yes'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/= inline hook +Behalf\n +somebody else has made it/)
    expect(stdout).toMatch(/= hook key +Behalf key\n +somebody else has made it/)
    expect(await stateOf(sandbox)).toEqual(before)
  })

  it('replaces none either, unless told to take it over', async () => {
    await using sandbox = await createSandbox(oneServer)
    await foreignHook(sandbox)
    const before = await stateOf(sandbox)
    const { code, stderr } = await provision(sandbox, [...hook, '--yes'])
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/somebody else has made it.*--hook-name.*--adopt/),
    ])
    expect(await stateOf(sandbox)).toEqual(before)

    const shown = await provision(sandbox, [...hook, '--adopt', '--replace-secret'])
    expect(shown.stdout).toContain('taken over, although somebody else has made it')
    expect((await provision(sandbox, [...hook, '--adopt', '--replace-secret', '--yes'])).code).toBe(0)
    expect((await get(sandbox, '/api/v1/inlineHooks'))[0]).toMatchObject({
      channel: {
        config: {
          headers: [
            { key: 'X-Theirs', value: 'yes' },
            { key: 'X-Made-By', value: 'Made by behalf provision for Behalf' },
          ],
        },
      },
    })
    expect((await provision(sandbox, [...hook])).stdout).toContain('Nothing is to be done.')
  })

  it('keeps what another installation has made', async () => {
    await using sandbox = await createSandbox(oneServer)
    const staging = [...everything, '--hook-name', 'Behalf Stufe 2 (für Tests)']
    expect((await provision(sandbox, [...staging, '--yes'])).code).toBe(0)
    const before = await stateOf(sandbox)
    const { stdout } = await provision(sandbox, undo)
    expect(stdout).toMatch(/= app +Invoices\n +the installation 'Behalf Stufe 2 \(für Tests\)' has made it/)
    expect(await stateOf(sandbox)).toEqual(before)
    expect((await provision(sandbox, staging)).stdout).toContain('Nothing is to be done.')
  })

  it('does not take a policy that somebody else has made for its own', async () => {
    await using sandbox = await createSandbox(oneServer)
    const body = { name: 'Behalf for Invoices', conditions: { clients: { include: ['ALL_CLIENTS'] } } }
    await send(sandbox, 'POST', policiesPath, { ...body, description: 'theirs' })
    const before = await stateOf(sandbox)
    const { code, stderr } = await provision(sandbox, [...everything, '--yes'])
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/'Behalf for Invoices'.*somebody else has made it/),
    ])
    expect(await stateOf(sandbox)).toEqual(before)
  })

  it('keeps a policy in which somebody else has made a rule, and a scope that a rule of somebody else grants', async () => {
    await using sandbox = await createSandbox(oneServer)
    await provision(sandbox, [...everything, '--yes'])
    const [policy] = await get(sandbox, policiesPath)
    expect(policy?.['name']).toBe('Behalf for Invoices')
    await send(sandbox, 'POST', `${policiesPath}/${policy?.['id']}/rules`, {
      name: 'Theirs',
      conditions: { grantTypes: { include: ['client_credentials'] }, scopes: { include: ['invoices:read'] } },
    })
    const { code, stdout } = await provision(sandbox, undo)
    expect(code).toBe(0)
    expect(stdout).toMatch(/= policy +Behalf for Invoices\n +somebody else has made its rule/)
    expect(stdout).toMatch(/= scope +invoices:read\n +the rule 'Behalf for Invoices \/ Theirs' grants it/)
    const rules = await get(sandbox, `${policiesPath}/${policy?.['id']}/rules`)
    expect(rules.map(({ name }) => name)).toEqual(['Theirs'])
  })

  it.each(['com.okta.oauth2.tokens.transform', 'com.okta.user.pre-registration'])(
    'keeps a key that another hook uses: %s',
    async (type) => {
      await using sandbox = await createSandbox(oneServer)
      await provision(sandbox, [...everything, '--yes'])
      const [hook] = await get(sandbox, '/api/v1/inlineHooks')
      const { channel } = Object(hook)
      const config = { ...channel.config, uri: 'https://theirs.example.com/' }
      const theirs = { name: 'Theirs', type, version: '1.0.0' }
      await send(sandbox, 'POST', '/api/v1/inlineHooks', { ...theirs, channel: { ...channel, config } })
      const { code, stdout } = await provision(sandbox, undo)
      expect([code, stdout]).toEqual([
        0,
        expect.stringMatching(
          /= hook key +Behalf key, made by behalf provision\n +the inline hook 'Theirs' uses it/,
        ),
      ])
      expect(await get(sandbox, '/api/v1/hook-keys')).toHaveLength(1)
    },
  )

  it.each([
    ['0oaSpa00000000000001', 'Single-page app', /may not use client_credentials/],
    ['0oaApiA0000000000001', 'API A', /is inactive/],
  ])('says that the app %s cannot be API A', async (id, label, sentence) => {
    await using sandbox = await createSandbox(oneServer)
    await send(sandbox, 'POST', `/api/v1/apps/${id}/lifecycle/deactivate`)
    if (label !== 'API A') await send(sandbox, 'POST', `/api/v1/apps/${id}/lifecycle/activate`)
    const { code, stderr } = await provision(sandbox, [...hook, '--app', label, '--yes'])
    expect([code, stderr]).toEqual([1, expect.stringMatching(sentence)])
    expect(await get(sandbox, '/api/v1/inlineHooks')).toEqual([])
  })

  it('undoes the rest after an undoing, and makes the rest after a making, that broke off anywhere', async () => {
    await using sandbox = await createSandbox(oneServer)
    const before = await stateOf(sandbox)
    const isChange = (call: string): boolean => !call.startsWith('GET')
    const run = async (args: readonly string[], lasts: number): Promise<number> => {
      let changes = 0
      await using front = await standInFront(sandbox, {
        breaks: (call) => isChange(call) && ++changes > lasts,
      })
      await provision(front, args)
      return changes
    }
    // One change more at each round, until one is not broken off.
    for (let lasts = 0, changes = 1; changes > lasts; lasts++) {
      changes = await run([...everything, '--yes'], lasts)
      if (changes > lasts) {
        expect((await provision(sandbox, [...everything, '--yes'])).code).toBe(0)
        expect((await provision(sandbox, everything)).stdout).toContain('Nothing is to be done.')
      }
      expect((await provision(sandbox, undo)).code).toBe(0)
      expect(await stateOf(sandbox)).toEqual(before)
    }
    for (let lasts = 0, changes = 1; changes > lasts; lasts++) {
      await provision(sandbox, [...everything, '--yes'])
      changes = await run(undo, lasts)
      expect((await provision(sandbox, undo)).code).toBe(0)
      expect(await stateOf(sandbox)).toEqual(before)
    }
  })

  it('escapes what the org says, in texts, errors and JSON', async () => {
    const evil = 'x\u001b]0;evil\u0007\u009b31m\u202e'
    await using sandbox = await createSandbox({
      authorizationServers: [
        {
          id: 'default',
          policies: [
            {
              name: `P${evil}`,
              rules: [{ name: `R${evil}`, grantTypes: ['authorization_code', 'client_credentials'] }],
            },
            { name: 'Q', rules: [{ name: `S${evil}`, grantTypes: ['client_credentials'] }] },
          ],
        },
      ],
      inlineHooks: [
        {
          id: 'calX',
          name: 'Behalf',
          uri: `https://x.example/${evil}`,
          auth: { secret: 'a-secret-of-theirs' },
        },
      ],
    })
    const env = { OKTA_API_TOKEN: defaultApiToken, HOOK_SECRET: 'a-secret-of-sixteen' }
    const outcomes = [
      await provision(sandbox, hook),
      await provision(sandbox, [...hook, '--hook-name', 'Mine']),
      await provision(sandbox, [...hook, '--adopt', '--rule', `S${evil}`], env),
      await provision(sandbox, [...hook, '--adopt', '--rule', `S${evil}`, '--json'], env),
      await provision(sandbox, [...hook, '--hook-name', 'Mine', '--policy', `P${evil}`]),
    ]
    expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 3, 3, 1])
    for (const { stdout, stderr } of outcomes) expect(`${stdout}${stderr}`).not.toMatch(unprintable)
    expect(JSON.parse(outcomes[3]?.stdout ?? '').changes).toHaveLength(2)
  })
})
