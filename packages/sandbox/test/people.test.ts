import type { Sandbox } from '@behalf/sandbox'
import { signIn } from '@behalf/sandbox/testing'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { json, listenAsHook } from './hook-server.ts'
import { callManagement } from './management-call.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

const redirectUri = 'http://127.0.0.1:3000/callback'
let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await createQuickSandbox({
    authorizationServers: [
      {
        id: 'default',
        scopes: ['orders:read'],
        accessTokenClaims: ['department', 'groups'],
        claims: [
          { name: 'teams', token: 'id', groups: 'Team .*' },
          { name: 'tenant', expression: '"acme"' },
          { name: 'late', expression: 'user.department', scopes: ['orders:write'] },
        ],
      },
    ],
    users: [
      { login: 'ann@example.com', department: 'sales', groups: ['Team A', 'Orders'], amr: ['mfa', 'pwd'] },
      { login: 'bob' },
    ],
    apps: [
      { clientId: 'native', type: 'native', redirectUris: ['com.example.app:/callback', redirectUri] },
      {
        clientId: 'web',
        type: 'web',
        auth: { method: 'client_secret_post', clientSecret: 'a-secret-of-a-web-app' },
        redirectUris: [redirectUri],
      },
    ],
  })
})
afterEach(() => sandbox.close())

describe('a token of a user in one line', () => {
  test('with the claims that the server adds, of groups and attributes', async () => {
    const claims = decodeJwt(await sandbox.userToken({ login: 'ann@example.com' }))
    expect(claims).toMatchObject({
      sub: 'ann@example.com',
      cid: 'native',
      scp: ['orders:read'],
      department: 'sales',
      groups: ['Everyone', 'Team A', 'Orders'],
      tenant: 'acme',
    })
    expect(claims).not.toHaveProperty('teams')
    expect(claims).not.toHaveProperty('late')
  })

  test('with claims of its own, once', async () => {
    const wanted = { login: 'bob', app: 'web', claims: { department: 'it', aud: 'api://other' } }
    expect(decodeJwt(await sandbox.userToken(wanted))).toMatchObject({
      cid: 'web',
      department: 'it',
      aud: 'api://other',
    })
    expect(decodeJwt(await sandbox.userToken({ login: 'bob' }))).toMatchObject({ aud: 'api://default' })
  })

  test('with the hook of the rule, which serves sign-in, too', async () => {
    await using hook = await listenAsHook(json({ error: { errorSummary: 'nobody today' } }))
    await using hooked = await createQuickSandbox({
      inlineHooks: [{ id: 'h', uri: hook.uri, auth: { secret: 'hook-secret-0123456789' } }],
      authorizationServers: [
        {
          id: 'default',
          scopes: ['orders:read'],
          policies: [{ name: 'p', rules: [{ name: 'r', inlineHook: 'h' }] }],
        },
      ],
    })
    const asked = hooked.userToken({ login: 'alice@example.com', amr: ['otp'] })
    await expect(asked).rejects.toThrow('server_error: nobody today')
    expect(hook.calls[0]?.body).toMatchObject({ data: { context: { session: { amr: ['OTP'] } } } })
  })

  test.each([
    [{ login: 'nobody' }, "login: the org has no user 'nobody'"],
    [{ login: 'bob', server: 'x' }, "server: the org has no authorization server 'x'"],
    [{ login: 'bob', app: 'x' }, "app: the org has no app 'x' that people can sign in to"],
    [{ login: 'bob', scopes: ['none'] }, 'invalid_scope'],
    [{ name: 'bob' }, 'login: is missing\nname: is not known'],
  ])('or not: %j', async (options, message) => {
    // @ts-expect-error: what a program without types may say
    await expect(sandbox.userToken(options)).rejects.toThrow(message)
  })
})

describe('people and groups come and go', () => {
  test('in the program', async () => {
    const added = sandbox.addUser({ login: 'eve@example.com', groups: ['Orders', 'New'] })
    const groupId = sandbox.addGroup({ name: 'Late' })
    expect(added).toMatchObject({ login: 'eve@example.com', groups: ['Orders', 'New'] })
    await callManagement(sandbox, 'PUT', `/groups/${groupId}/users/${added.id}`)
    expect(decodeJwt(await sandbox.userToken({ login: 'eve@example.com' }))).toMatchObject({
      groups: ['Everyone', 'Orders', 'New', 'Late'],
    })
    expect(() => sandbox.addUser({ login: 'eve@example.com' })).toThrow(/is taken/)
    expect(() => sandbox.addGroup({ name: 'Late' })).toThrow(/is taken/)
    // @ts-expect-error: what a program without types may say
    expect(() => sandbox.addGroup({ title: 'x' })).toThrow(/name: is missing\ntitle: is not known/)
  })

  test('over the management API', async () => {
    const profile = { login: 'new@example.com', email: 'new@example.com', firstName: 'New', lastName: 'One' }
    const { body: user } = await callManagement(sandbox, 'POST', '/users', { profile })
    expect(user).toMatchObject({ status: 'ACTIVE', profile })
    const change = { profile: { department: 'it', firstName: null } }
    await callManagement(sandbox, 'POST', `/users/${user.id}`, change)
    const search = encodeURIComponent('profile.login eq "new@example.com"')
    const { body: found } = await callManagement(sandbox, 'GET', `/users?search=${search}`)
    expect(found).toMatchObject([{ profile: { department: 'it', lastName: 'One', firstName: null } }])
    const { body: group } = await callManagement(sandbox, 'POST', '/groups', { profile: { name: 'Makers' } })
    await callManagement(sandbox, 'PUT', `/groups/${group.id}/users/${user.id}`)
    const { body: groups } = await callManagement(sandbox, 'GET', `/users/${user.id}/groups`)
    expect(groups.map((entry: typeof group) => entry.profile.name)).toEqual(['Everyone', 'Makers'])
    await callManagement(sandbox, 'POST', `/users/${user.id}/lifecycle/suspend`)
    await expect(sandbox.userToken({ login: 'new@example.com' })).rejects.toThrow(/sign-in stopped/)
  })

  test('and a reset takes it all back, sign-ins included', async () => {
    const before = sandbox.exportState()
    sandbox.addUser({ login: 'eve@example.com', groups: ['New'] })
    await sandbox.injectFault({ kind: 'hook-unreachable' })
    await sandbox.rotateKeys()
    await callManagement(sandbox, 'DELETE', '/authorizationServers/default')
    await sandbox.reset()
    expect(sandbox.exportState()).toEqual(before)
    expect(sandbox.faults).toEqual([])
    expect(decodeJwt(await sandbox.userToken({ login: 'bob' })).sub).toBe('bob')
  })
})

test('a claim that is made over the API is in tokens from then on', async () => {
  const claim = {
    name: 'roles',
    claimType: 'RESOURCE',
    valueType: 'GROUPS',
    group_filter_type: 'STARTS_WITH',
    value: 'Ord',
  }
  const made = await callManagement(sandbox, 'POST', '/authorizationServers/default/claims', claim)
  expect(made).toMatchObject({ status: 201, body: { ...claim, id: expect.stringMatching(/^ocl/) } })
  const read = async () => decodeJwt(await sandbox.userToken({ login: 'ann@example.com' }))['roles']
  expect(await read()).toEqual(['Orders'])
  const path = `/authorizationServers/default/claims/${made.body.id}`
  await callManagement(sandbox, 'PUT', path, { ...claim, value: 'none' })
  expect(await read()).toBeUndefined()
  expect((await callManagement(sandbox, 'DELETE', path)).status).toBe(204)
})

test('a web app needs its secret and no PKCE; an ID token says who signed in and how', async () => {
  const issuer = `${sandbox.url}/oauth2/default`
  const query = new URLSearchParams({
    client_id: 'web',
    response_type: 'code',
    scope: 'openid email',
    redirect_uri: redirectUri,
    state: 's',
  })
  const authorizationUrl = `${issuer}/v1/authorize?${query}`
  const redeem = async (extra: Record<string, string>) => {
    const code = (await signIn({ authorizationUrl, login: 'ann@example.com' })).searchParams.get('code') ?? ''
    const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, client_id: 'web' }
    const body = new URLSearchParams({ ...grant, ...extra })
    const response = await fetch(`${issuer}/v1/token`, { method: 'POST', body })
    return { status: response.status, body: Object(await response.json()) }
  }
  expect((await redeem({})).status).toBe(401)
  const { body } = await redeem({ client_secret: 'a-secret-of-a-web-app' })
  expect(decodeJwt(body.id_token)).toMatchObject({
    email: 'ann@example.com',
    email_verified: true,
    amr: ['mfa', 'pwd'],
    teams: ['Team A'],
  })
})

test('claims for the next sign-in are in that one token', async () => {
  sandbox.claimNext('bob', { tenant: 'other', roles: ['admin'] })
  expect(decodeJwt(await sandbox.userToken({ login: 'ann@example.com' }))['roles']).toBeUndefined()
  expect(decodeJwt(await sandbox.userToken({ login: 'bob' }))).toMatchObject({
    tenant: 'other',
    roles: ['admin'],
  })
  expect(decodeJwt(await sandbox.userToken({ login: 'bob' }))).toMatchObject({ tenant: 'acme' })
  // @ts-expect-error: what a program without types may say
  expect(() => sandbox.claimNext('bob', 'admin')).toThrow(/expected a JSON object/)
  expect(() => sandbox.claimNext('rob', {})).toThrow("the org has no user 'rob'")
})
