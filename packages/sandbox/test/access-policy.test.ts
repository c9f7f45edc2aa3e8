import { createSandbox, type Sandbox, type SandboxOptions } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { describe, expect, test } from 'vitest'
import { json, listenAsHook, patches } from './hook-server.ts'
import { basic, requestMachineToken } from './machine-token.ts'
import { callManagement } from './management-call.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

const apiB = basic('0oaApiB0000000000001', 'api-b-secret-for-the-sandbox-only')

const serverWith = (
  server: Partial<NonNullable<SandboxOptions['authorizationServers']>[number]>,
): SandboxOptions => ({
  authorizationServers: [{ id: 'default', scopes: ['orders:read', 'orders:write'], ...server }],
})

describe('rules', () => {
  test('the first rule that admits client, grant and scopes decides lifetime and hook', async () => {
    await using hook = await listenAsHook(patches({ op: 'add', path: '/claims/hooked', value: true }))
    await using sandbox = await createSandbox({
      ...serverWith({
        policies: [
          {
            name: 'API A',
            clients: ['0oaApiA0000000000001'],
            rules: [
              { name: 'People', grantTypes: ['authorization_code'] },
              { name: 'Read', scopes: ['orders:read'], accessTokenLifetimeSeconds: 300, inlineHook: 'h' },
              { name: 'Any', accessTokenLifetimeSeconds: 600 },
            ],
          },
          { name: 'Others', rules: [{ name: 'Read', scopes: ['orders:read'] }] },
        ],
      }),
      inlineHooks: [{ id: 'h', uri: hook.uri, auth: { header: 'X-Secret', secret: 'Bearer verbatim' } }],
    })
    const read = await requestMachineToken(sandbox)
    expect(read.claims['hooked']).toBe(true)
    expect(read.body['expires_in']).toBe(300)
    expect(hook.calls[0]?.headers['x-secret']).toBe('Bearer verbatim')

    const write = await requestMachineToken(sandbox, { form: { scope: 'orders:read orders:write' } })
    expect(write.body['expires_in']).toBe(600)
    expect(hook.calls).toHaveLength(1)

    const other = await requestMachineToken(sandbox, { headers: apiB })
    expect(other.body['expires_in']).toBe(3600)
    const denied = await requestMachineToken(sandbox, { headers: apiB, form: { scope: 'orders:write' } })
    expect(denied.status).toBe(400)
    expect(denied.body['error']).toBe('access_denied')
  })
})

describe('scopes', () => {
  test('unknown scopes, and scopes about people, are refused to machines', async () => {
    await using sandbox = await createSandbox(oneServer)
    for (const scope of ['none', 'orders:read none', 'openid']) {
      const { status, body } = await requestMachineToken(sandbox, { form: { scope } })
      expect(status).toBe(400)
      expect(body['error']).toBe('invalid_scope')
    }
  })

  test('without a scope, the default ones are granted; without those, none', async () => {
    const request = { form: { scope: '' } }
    await using sandbox = await createSandbox(serverWith({ scopes: [{ name: 'a', default: true }, 'b'] }))
    expect((await requestMachineToken(sandbox, request)).claims['scp']).toEqual(['a'])
    await using strict = await createSandbox(oneServer)
    expect((await requestMachineToken(strict, request)).body['error']).toBe('invalid_scope')
  })
})

test('two servers have their own issuer, audience and keys; two orgs share nothing', async () => {
  await using hook = await listenAsHook(json({ error: { errorSummary: 'denied' } }))
  const twoServers: SandboxOptions = {
    authorizationServers: [
      { id: 'default', scopes: ['orders:read'] },
      { id: 'orders', audience: 'api://orders', scopes: ['orders:read'] },
    ],
  }
  await using org = await createSandbox(twoServers)
  await using other = await createSandbox({
    ...twoServers,
    hook: { uri: hook.uri, secret: 'hook-secret-0123456789' },
  })
  expect(other.url).not.toBe(org.url)

  const first = await requestMachineToken(org)
  const second = await requestMachineToken(org, { server: 'orders' })
  expect([first.claims.iss, first.claims.aud]).toEqual([`${org.url}/oauth2/default`, 'api://default'])
  expect([second.claims.iss, second.claims.aud]).toEqual([`${org.url}/oauth2/orders`, 'api://orders'])
  const keys = await Promise.all(
    [...org.servers, ...other.servers].map(async ({ jwksUri }) => (await fetch(jwksUri)).json()),
  )
  expect(new Set(keys.map((set) => Object(set).keys[0].kid)).size).toBe(4)

  expect((await requestMachineToken(other)).body['error']).toBe('server_error')
  expect(org.systemLog.events('inline_hook.response.processed')).toEqual([])
  expect(other.systemLog.events('inline_hook.response.processed')).toHaveLength(1)
  expect((await requestMachineToken(org, { server: 'none' })).status).toBe(404)
})

describe('the people of a rule', () => {
  const restrict = async (sandbox: Sandbox, people: object) => {
    const policies = '/authorizationServers/default/policies'
    const [policy] = (await callManagement(sandbox, 'GET', policies)).body
    const rules = `${policies}/${policy.id}/rules`
    const [rule] = (await callManagement(sandbox, 'GET', rules)).body
    const conditions = { ...rule.conditions, people }
    await callManagement(sandbox, 'PUT', `${rules}/${rule.id}`, { ...rule, conditions })
  }
  const orders = async (sandbox: Sandbox): Promise<string> =>
    (await callManagement(sandbox, 'GET', '/groups?q=Orders')).body[0].id
  const idOf = (sandbox: Sandbox, login: string) => sandbox.users.find((user) => user.login === login)?.id

  test.each<[string, (sandbox: Sandbox) => Promise<object>, readonly string[]]>([
    ['a group', async (org) => ({ groups: { include: [await orders(org)] } }), ['ann']],
    ['everybody', async () => ({ groups: { include: ['EVERYONE'] } }), ['ann', 'bob']],
    ['nobody in particular', async () => ({ users: { exclude: [] } }), ['ann', 'bob']],
    ['a user', async (org) => ({ users: { include: [idOf(org, 'bob')] } }), ['bob']],
    [
      'everybody but a group',
      async (org) => ({ groups: { include: ['EVERYONE'], exclude: [await orders(org)] } }),
      ['bob'],
    ],
  ])('%s', async (_name, people, admitted) => {
    await using sandbox = await createQuickSandbox({
      users: [{ login: 'ann', groups: ['Orders'] }, { login: 'bob' }],
    })
    await restrict(sandbox, await people(sandbox))
    for (const login of ['ann', 'bob']) {
      const token = sandbox.userToken({ login })
      if (admitted.includes(login)) await expect(token, login).resolves.toMatch(/^ey/)
      else await expect(token, login).rejects.toThrow(/access_denied/)
    }
  })
})
