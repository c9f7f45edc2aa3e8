import { createSandbox, parseSeed } from '@behalf/sandbox'
import { describe, expect, test } from 'vitest'
import { listenAsHook, patches } from './hook-server.ts'
import { basic, requestMachineToken } from './machine-token.ts'

const yaml = (hookUri: string): string => `
authorizationServers:
  - id: orders
    audience: api://orders
    scopes:
      - orders:read
      - { name: orders:write, default: true }
    policies:
      - name: Services
        clients: [api-a]
        rules:
          - name: Machines
            grantTypes: [client_credentials]
            accessTokenLifetimeSeconds: 600
            inlineHook: behalf
users:
  - login: bob@example.com
    department: sales
apps:
  - clientId: api-a
    type: service
    auth: { method: client_secret_post, clientSecret: bob-is-not-here }
  - clientId: spa
    type: spa
    redirectUris: [http://localhost:5173/callback]
inlineHooks:
  - id: behalf
    uri: ${hookUri}
    auth: { header: X-Hook, secret: hook-secret-0123456789 }
    headers: { X-Static: "yes" }
`

test('an org is made from YAML', async () => {
  await using hook = await listenAsHook(patches({ op: 'add', path: '/claims/hooked', value: true }))
  await using sandbox = await createSandbox(parseSeed(yaml(hook.uri)))
  const headers = basic('api-a', 'bob-is-not-here')
  const { body, claims } = await requestMachineToken(sandbox, {
    server: 'orders',
    headers,
    form: { scope: '' },
  })
  expect(claims).toMatchObject({ aud: 'api://orders', scp: ['orders:write'], hooked: true })
  expect(body['expires_in']).toBe(600)
  expect(hook.calls[0]?.headers).toMatchObject({ 'x-hook': 'hook-secret-0123456789', 'x-static': 'yes' })
  expect(sandbox.users).toMatchObject([{ login: 'bob@example.com', department: 'sales' }])
})

test('an empty seed is the default org', () => expect(parseSeed('')).toEqual({}))

describe('every fault is named with its path', () => {
  test.each([
    ['7', ['expected an object']],
    ['servers: []', ['servers: is not known; expected port, host']],
    ['users:\n  - name: Bob', ['users[0].login: is missing']],
    ['users: {}\nport: x', ['users: expected a list', 'port: expected a whole number from 0 to 65535']],
    ['apps:\n  - clientId: a\n    type: service', ['apps[0].auth: is missing']],
    ['apps:\n  - clientId: a\n    type: desktop', ['apps[0].type: expected spa, web, native or service']],
    [
      'apps:\n  - { clientId: a, type: service, auth: { method: none, clientSecret: x } }',
      ['apps[0].auth.method: expected client_secret_basic or client_secret_post'],
    ],
    [
      'authorizationServers:\n  - id: a\n    policies:\n      - { name: p, clients: everyone, rules: [{ name: r, inlinehook: x }] }',
      [
        'authorizationServers[0].policies[0].clients: expected ALL_CLIENTS',
        'authorizationServers[0].policies[0].rules[0].inlinehook: is not known',
      ],
    ],
    [
      'inlineHooks:\n  - { id: h, uri: "http://x/", auth: { type: private_key_jwt, clientId: c, tokenUrl: t, scope: s } }',
      ['inlineHooks[0].auth.hookKeyId: is missing'],
    ],
    [
      'inlineHooks:\n  - { id: h, uri: nowhere, auth: { secret: x } }',
      ['inlineHooks[0].uri: expected an http'],
    ],
    ['a: b: c', ['the seed is not YAML']],
  ])('%s', (seed, faults) => {
    let message = ''
    try {
      parseSeed(seed)
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError)
      message = String(error)
    }
    for (const fault of faults) expect(message).toContain(fault)
  })
})
