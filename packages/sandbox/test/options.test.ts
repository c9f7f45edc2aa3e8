import { createSandbox, defaultOrg } from '@behalf/sandbox'
import { expect, test } from 'vitest'

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
  expect(sandbox.servers).toEqual([
    {
      id: 'default',
      issuer: `${sandbox.url}/oauth2/default`,
      audience: 'api://default',
      tokenEndpoint: `${sandbox.url}/oauth2/default/v1/token`,
      authorizationEndpoint: `${sandbox.url}/oauth2/default/v1/authorize`,
      jwksUri: `${sandbox.url}/oauth2/default/v1/keys`,
      scopes: ['orders:read', 'orders:write'],
    },
  ])
  expect(sandbox.apps).toEqual(defaultOrg.apps)
  expect(sandbox.users).toEqual(defaultOrg.users)
})
