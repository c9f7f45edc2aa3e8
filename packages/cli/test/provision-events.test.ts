import { generateKeyPairSync } from 'node:crypto'
import { memoryRevocations } from '@behalf/core'
import { createHook } from '@behalf/hook'
import { eventHooks } from '@behalf/hook/events'
import { startNodeServer } from '@behalf/hook/node'
import { createSandbox, defaultApiToken } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { get, provision, send } from './provisioned-org.ts'

const secret = 'event-secret-0123456789'
const path = '/api/v1/eventHooks'
const env = { OKTA_API_TOKEN: defaultApiToken, EVENT_HOOK_SECRET: secret }

/** A hook that takes in events, and where. */
async function startHook(accepted: string = secret): Promise<string> {
  const hook = createHook({
    authenticate: { secrets: ['hook-secret-0123456789'] },
    issuers: [{ issuer: 'https://users.example/oauth2/users', audiences: ['api://a'], org: 'example' }],
    clients: 'any',
    revocation: {
      store: memoryRevocations(),
      whenUnavailable: 'deny',
      events: eventHooks({ org: 'example', secrets: [accepted] }),
    },
  })
  const running = await startNodeServer(hook, { drainDelayMs: 0 })
  onTestFinished(() => running.stop())
  return `${running.origin}/event-hook`
}

const wanted = (eventHook: string, ...more: string[]) => [
  ...['--hook', 'https://hook.example.com/inline-hook', '--event-hook', eventHook, '--scope', 'orders:read'],
  ...more,
]

describe('behalf provision --event-hook', () => {
  it('makes it, has Okta verify it, changes nothing the second time, and undoes it', async () => {
    await using sandbox = await createSandbox(oneServer)
    const uri = await startHook()
    const shown = await provision(sandbox, wanted(uri), env)
    expect([shown.code, await get(sandbox, path)]).toEqual([3, []])
    expect(shown.stdout).toMatch(/^ {2}\+ event hook +Behalf\n {8}calls http:\/\/127/m)
    expect(shown.stdout).toContain('tells of user.lifecycle.suspend')
    const first = await provision(sandbox, wanted(uri, '--yes'), env)
    expect([first.code, first.stderr]).toEqual([0, ''])
    expect(first.stdout).not.toContain(secret)
    expect(await get(sandbox, path)).toMatchObject([
      {
        name: 'Behalf',
        status: 'ACTIVE',
        verificationStatus: 'VERIFIED',
        events: {
          items: [
            'user.lifecycle.suspend',
            'user.lifecycle.deactivate',
            'user.session.clear',
            'user.authentication.universal_logout',
          ],
        },
        channel: {
          config: { uri, headers: [{ key: 'X-Made-By', value: 'Made by behalf provision for Behalf' }] },
        },
      },
    ])
    expect((await provision(sandbox, wanted(uri), env)).stdout).toContain('Nothing is to be done.')
    const undone = await provision(sandbox, ['--destroy', '--yes'], env)
    expect([undone.code, await get(sandbox, path)]).toEqual([0, []])
  })

  it('brings it back to what is wanted: events, URL, status, verification, secret', async () => {
    await using sandbox = await createSandbox(oneServer)
    await provision(sandbox, wanted(await startHook(), '--yes'), env)
    const [made] = await get(sandbox, path)
    await send(sandbox, 'POST', `${path}/${made?.['id']}/lifecycle/deactivate`)
    const uri = await startHook()
    const args = wanted(uri, '--event', 'user.session.end', '--event', 'user.lifecycle.suspend', '--yes')
    const changed = await provision(sandbox, args, env)
    expect([changed.code, changed.stderr]).toEqual([0, ''])
    expect(changed.stdout).toMatch(/uri: http.* → http/)
    expect(changed.stdout).toContain('status: INACTIVE → ACTIVE')
    expect(await get(sandbox, path)).toMatchObject([
      {
        id: made?.['id'],
        status: 'ACTIVE',
        verificationStatus: 'VERIFIED',
        events: { items: ['user.session.end', 'user.lifecycle.suspend'] },
        channel: { config: { uri } },
      },
    ])
    const other = 'other-event-secret-0123'
    const moved = await startHook(other)
    const replaced = await provision(sandbox, wanted(moved, '--replace-secret', '--yes'), {
      ...env,
      EVENT_HOOK_SECRET: other,
    })
    expect([replaced.code, replaced.stderr]).toEqual([0, ''])
    expect(await get(sandbox, path)).toMatchObject([{ verificationStatus: 'VERIFIED' }])
  })

  it('says what to do when Okta cannot verify it, and goes on from there', async () => {
    await using sandbox = await createSandbox(oneServer)
    const refused = await provision(sandbox, wanted(await startHook('another-secret-0123456'), '--yes'), env)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/could not verify http.*start the hook with revocation\.events/)
    expect(refused.stdout).toContain('run the command again')
    const again = await provision(sandbox, wanted(await startHook(), '--yes'), env)
    expect([again.code, again.stderr]).toEqual([0, ''])
    expect(await get(sandbox, path)).toMatchObject([{ verificationStatus: 'VERIFIED' }])
  })

  it("neither changes nor deletes somebody else's, unless it is to take it over", async () => {
    await using sandbox = await createSandbox(oneServer)
    const uri = await startHook()
    const theirs = {
      name: 'Behalf',
      events: { type: 'EVENT_TYPE', items: ['user.session.end'] },
      channel: { type: 'HTTP', version: '1.0.0', config: { uri: 'https://theirs.example/' } },
    }
    await send(sandbox, 'POST', path, theirs)
    const before = await get(sandbox, path)
    const refused = await provision(sandbox, wanted(uri, '--yes'), env)
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('somebody else has made it')])
    await provision(sandbox, ['--destroy', '--yes'], env)
    expect(await get(sandbox, path)).toEqual(before)
    expect((await provision(sandbox, wanted(uri, '--yes', '--adopt'), env)).code).toBe(0)
    await provision(sandbox, ['--destroy', '--yes'], env)
    expect(await get(sandbox, path)).toEqual([])
  })

  it('asks for the scope of event hooks alone, and says so when it is not there', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'one' }]
    const usual = [
      'okta.inlineHooks.manage',
      'okta.authorizationServers.manage',
      'okta.apps.manage',
      'okta.logs.read',
    ]
    const app = (clientId: string, managementScopes: string[]) => ({
      clientId,
      type: 'service' as const,
      auth: { method: 'private_key_jwt' as const, keys },
      managementScopes,
    })
    await using sandbox = await createSandbox({
      ...oneServer,
      apps: [app('with', [...usual, 'okta.eventHooks.manage']), app('without', usual)],
    })
    const asApp = (clientId: string) => ({
      OKTA_CLIENT_ID: clientId,
      OKTA_KEY_ID: 'one',
      OKTA_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      EVENT_HOOK_SECRET: secret,
    })
    const uri = await startHook()
    expect((await provision(sandbox, wanted(uri, '--yes'), asApp('without'))).code).toBe(1)
    const hooksOnly = ['--hook', 'https://hook.example.com/inline-hook', '--yes']
    expect((await provision(sandbox, hooksOnly, asApp('without'))).code).toBe(0)
    const undone = await provision(sandbox, ['--destroy', '--yes'], asApp('without'))
    expect([undone.code, undone.stdout]).toEqual([
      0,
      expect.stringContaining('event hooks were not looked at'),
    ])
    expect((await provision(sandbox, wanted(uri, '--yes'), asApp('with'))).code).toBe(0)
  })

  it.each([
    [['--event', 'user.session.end'], env, '--event and --event-hook-header are for an event hook'],
    [['--event-hook', 'http://hook.example.com/event-hook'], env, '--event-hook'],
    [
      ['--event-hook', 'https://hook.example.com/event-hook'],
      { OKTA_API_TOKEN: 'x' },
      'EVENT_HOOK_SECRET is not set',
    ],
    [
      ['--event-hook', 'https://hook.example.com/event-hook'],
      { OKTA_API_TOKEN: 'x', EVENT_HOOK_SECRET: 'short' },
      'EVENT_HOOK_SECRET must have at least 16 characters',
    ],
  ])('with %j is refused before anything is asked', async (args, environment, fault) => {
    const hook = ['--hook', 'https://hook.example.com/inline-hook']
    const { code, stderr } = await provision({ url: 'http://127.0.0.1:9' }, [...hook, ...args], environment)
    expect([code, stderr]).toEqual([2, expect.stringContaining(fault)])
  })
})
