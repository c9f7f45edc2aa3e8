import { createSandbox, defaultOrg } from '@behalf/sandbox'
import { signIn } from '@behalf/sandbox/testing'
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { requestMachineToken } from './machine-token.ts'

test('every fault is named at once, with its path', async () => {
  const spa = { clientId: 'spa', type: 'spa', redirectUris: [] } as const
  const starting = createSandbox({
    authorizationServers: [
      { id: 'a/b', policies: [{ name: 'p', rules: [{ name: 'r', inlineHook: 'none' }] }] },
      { id: 'x', policies: [{ name: 'p', rules: [{ name: 'r', accessTokenLifetimeSeconds: 60 }] }] },
      { id: 'x' },
    ],
    apps: [
      spa,
      spa,
      { ...spa, clientId: 'x', redirectUris: ['/callback'] },
      { clientId: 's', type: 'service', auth: { method: 'client_secret_post', clientSecret: '' } },
    ],
    hook: { uri: 'ftp://example.com', secret: 'hook-secret-0123456789' },
    hookTimeoutMs: 0,
  })
  await expect(starting).rejects.toThrow(TypeError)
  const fault = await starting.catch((error: unknown) => String(error))
  for (const path of [
    'authorizationServers[0].id:',
    'authorizationServers[0].policies[0].rules[0].inlineHook:',
    'authorizationServers[1].policies[0].rules[0].accessTokenLifetimeSeconds:',
    'authorizationServers[2].id:',
    'apps[1].clientId:',
    'apps[2].redirectUris[0]:',
    'apps[3].auth.clientSecret:',
    'hook.uri:',
    'hookTimeoutMs:',
  ]) {
    expect(fault).toContain(path)
  }
})

describe('what is not known is refused, all of it at once', () => {
  test.each<[unknown, readonly string[]]>([
    [{ user: [], hooks: 1 }, ['user: is not known; expected port', 'hooks: is not known']],
    [[], ['expected an object']],
    [null, ['expected an object']],
    [{ toString: 1 }, ['toString: is not known']],
    [{ port: '8090', host: 7 }, ['port: expected a whole number', 'host: expected a text']],
    [
      {
        apps: [
          { clientId: 'a', type: 'spa', redirectUris: ['https://a.example/cb#x', 'https://a.example/#'] },
        ],
      },
      [
        'apps[0].redirectUris[0]: expected a URL without a fragment',
        'apps[0].redirectUris[1]: expected a URL',
      ],
    ],
    [{ clock: Date, fetch: 'x' }, ['fetch: expected a function']],
    [{ clock: {} }, ['clock: expected an object with now()']],
    [{ state: { version: 2 } }, ['state.version: expected 1', 'state.apps: is missing']],
    [{ users: [{ login: 'a', when: new Date() }, { login: '' }] }, ['users[0].when:', 'users[1].login:']],
    [
      { hook: { uri: 'http://x/', secret: 'é', header: 'X Hook', headers: { 'x-a': 'a\nb' } } },
      [
        'hook.secret: expected printable',
        'hook.header: expected the name',
        'hook.headers.x-a: expected printable',
      ],
    ],
    [
      {
        users: [
          { id: '00u1', login: 'a' },
          { id: '00u1', login: 'b' },
        ],
        groups: [
          { id: '00g1', name: 'a' },
          { id: '00g1', name: 'b' },
        ],
        hookKeys: [{ id: 'k' }, { id: 'k' }],
        inlineHooks: [
          {
            id: 'h',
            uri: 'http://x/',
            auth: {
              type: 'private_key_jwt',
              clientId: 'a',
              tokenUrl: 'http://x/',
              scope: 's',
              hookKeyId: 'l',
            },
          },
        ],
      },
      [
        'users[1].id: is used twice',
        'groups[1].id: is used twice',
        'hookKeys[1].id: is used twice',
        'inlineHooks[0].auth.hookKeyId: expected the id of one of hookKeys',
      ],
    ],
    [{ hook: { uri: 'http://x/', secrets: 's' } }, ['hook.secret: is missing', 'hook.secrets: is not known']],
  ])('%j', async (options, faults) => {
    // @ts-expect-error: what a program without types may say
    const starting = createSandbox(options)
    await expect(starting).rejects.toThrow(TypeError)
    const message = await starting.catch(String)
    for (const fault of faults) expect(message).toContain(fault)
  })

  test('what is undefined is absent', async () => {
    const options = { port: undefined, users: undefined, hook: undefined }
    // @ts-expect-error: under exactOptionalPropertyTypes only
    await using sandbox = await createSandbox(options)
    expect(sandbox.users).toEqual(defaultOrg.users)
  })

  test('at the other doors, too', async () => {
    await using sandbox = await createSandbox()
    // @ts-expect-error: what a program without types may say
    await expect(sandbox.rotateKeys('users', { withdraw: true })).rejects.toThrow('withdraw: is not known')
    // @ts-expect-error: what a program without types may say
    await expect(signIn({ url: '/', login: 7 })).rejects.toThrow(/authorizationUrl: .*\n.*login: /)
  })
})

test('a taken port is said by its own error', async () => {
  await using sandbox = await createSandbox()
  const { port } = new URL(sandbox.url)
  await expect(createSandbox({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('an org that cannot be made gives its port back', async () => {
  const { url, close } = await createSandbox()
  await close()
  const port = Number(new URL(url).port)
  const signingKey = { kty: 'RSA', n: 'not a key' } as const
  await expect(
    createSandbox({ port, authorizationServers: [{ id: 'default', signingKey }] }),
  ).rejects.toThrow(/[Kk]ey|JWK/)
  await using sandbox = await createSandbox({ port })
  expect(sandbox.url).toBe(url)
})

test('what the org consists of is there as data', async () => {
  await using sandbox = await createSandbox()
  const server = (
    id: string,
    audience: string,
    scopes: readonly string[],
    ...rules: readonly (readonly [name: string, grantType: string, ...scopes: readonly string[]])[]
  ) => ({
    id,
    issuer: `${sandbox.url}/oauth2/${id}`,
    audience,
    tokenEndpoint: `${sandbox.url}/oauth2/${id}/v1/token`,
    authorizationEndpoint: `${sandbox.url}/oauth2/${id}/v1/authorize`,
    jwksUri: `${sandbox.url}/oauth2/${id}/v1/keys`,
    scopes,
    rules: rules.map(([name, grantType, ...granted]) => ({
      name,
      clients: 'ALL_CLIENTS',
      grantTypes: [grantType],
      scopes: granted,
    })),
  })
  const scopes = ['orders:read', 'orders:write']
  const code = 'authorization_code'
  const machine = 'client_credentials'
  expect(sandbox.servers).toEqual([
    server('users', 'api://a', [], ['People', code, '*']),
    server('behalf', 'https://undelegated.invalid', scopes, ['API A', machine, ...scopes]),
    server('default', 'api://default', scopes, ['People', code, '*'], ['Machines', machine, '*']),
  ])
  expect(sandbox.apps).toEqual(defaultOrg.apps)
  expect(sandbox.users).toEqual(defaultOrg.users)
})

test('people sign in at one server and machines get tokens at the other, which calls the hook', async () => {
  const called: string[] = []
  await using sandbox = await createSandbox({
    hook: { uri: 'http://127.0.0.1:9/inline-hook', secret: 'hook-secret-0123456789' },
    fetch: async (_, init) => {
      called.push(Object(JSON.parse(String(init?.body))).data.access.claims.aud)
      return Response.json({})
    },
  })
  const user = await sandbox.userToken({ login: 'alice@example.com' })
  expect(decodeJwt(user)).toMatchObject({ iss: `${sandbox.url}/oauth2/users`, aud: 'api://a' })
  await expect(sandbox.userToken({ login: 'alice@example.com', server: 'behalf' })).rejects.toThrow(
    /access_denied/,
  )
  expect((await requestMachineToken(sandbox, { server: 'users', form: { scope: 'openid' } })).status).toBe(
    400,
  )
  expect(called).toEqual([])
  const { claims } = await requestMachineToken(sandbox, { server: 'behalf' })
  expect(claims.aud).toBe('https://undelegated.invalid')
  expect(called).toEqual(['https://undelegated.invalid'])
})
