import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { defaultApiToken, type InlineHookOptions } from '@behalf/sandbox'
import { createLocalJWKSet, importJWK, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { listenAsHook, patches } from './hook-server.ts'
import { requestMachineToken } from './machine-token.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

const patch = patches({ op: 'add', path: '/claims/hooked', value: true })

/** The token endpoint of the hook's owner. */
async function listenAsTokenEndpoint(
  answer: { readonly status?: number; readonly body?: unknown } | 'silence' = {},
) {
  const forms: URLSearchParams[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    forms.push(new URLSearchParams(body))
    if (answer === 'silence') return
    const { status = 200, body: document = { access_token: 'issued-token', token_type: 'Bearer' } } = answer
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Listening on TCP, so the address is not a path.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/token`,
    forms,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const orgWith = (uri: string, auth: InlineHookOptions['auth'], hookTimeoutMs = 1000) =>
  createQuickSandbox({
    hookTimeoutMs,
    hookKeys: [{ id: 'HKY1' }],
    inlineHooks: [{ id: 'h', uri, auth }],
    authorizationServers: [
      {
        id: 'default',
        scopes: ['orders:read'],
        policies: [{ name: 'p', rules: [{ name: 'r', inlineHook: 'h' }] }],
      },
    ],
  })

test('a reset forgets the tokens of hooks', async () => {
  await using hook = await listenAsHook(patch)
  const body = { access_token: 'issued-token', token_type: 'Bearer', expires_in: 3600 }
  await using endpoint = await listenAsTokenEndpoint({ body })
  const client = { clientId: 'okta', clientSecret: 'the secret', tokenUrl: endpoint.url, scope: 'hook.call' }
  await using sandbox = await orgWith(hook.uri, { type: 'client_secret_post', ...client })
  await requestMachineToken(sandbox)
  await requestMachineToken(sandbox)
  expect(endpoint.forms).toHaveLength(1)
  await sandbox.reset()
  await requestMachineToken(sandbox)
  expect(endpoint.forms).toHaveLength(2)
})

describe('a hook that is secured with OAuth is called with a bearer token', () => {
  test('client_secret_post', async () => {
    await using hook = await listenAsHook(patch)
    await using endpoint = await listenAsTokenEndpoint()
    const client = {
      clientId: 'okta',
      clientSecret: 'the secret',
      tokenUrl: endpoint.url,
      scope: 'hook.call',
    }
    await using sandbox = await orgWith(hook.uri, { type: 'client_secret_post', ...client })
    expect((await requestMachineToken(sandbox)).claims['hooked']).toBe(true)
    expect(hook.calls[0]?.headers.authorization).toBe('Bearer issued-token')
    expect(Object.fromEntries(endpoint.forms[0] ?? [])).toEqual({
      grant_type: 'client_credentials',
      scope: 'hook.call',
      client_id: 'okta',
      client_secret: 'the secret',
    })
  })

  test('private_key_jwt, with the key that the org publishes', async () => {
    await using hook = await listenAsHook(patch)
    await using endpoint = await listenAsTokenEndpoint()
    const client = { clientId: 'okta', hookKeyId: 'HKY1', tokenUrl: endpoint.url, scope: 'hook.call' }
    await using sandbox = await orgWith(hook.uri, { type: 'private_key_jwt', ...client })
    expect((await requestMachineToken(sandbox)).claims['hooked']).toBe(true)
    const form = Object.fromEntries(endpoint.forms[0] ?? [])
    expect(form).toMatchObject({
      client_id: 'okta',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    })
    const api = (path: string) =>
      fetch(`${sandbox.url}/api/v1/hook-keys${path}`, {
        headers: { authorization: `SSWS ${defaultApiToken}` },
      })
    const key = Object(await (await api('/HKY1')).json())
    expect(key).not.toHaveProperty('_embedded')
    const published = Object(await (await api(`/public/${key.keyId}`)).json())
    // As Okta shows it, which no JOSE library takes.
    expect(published).toMatchObject({ alg: 'RSA', use: null })
    await expect(importJWK(published)).rejects.toThrow(/alg/)
    const { payload } = await jwtVerify(
      String(form['client_assertion']),
      createLocalJWKSet({ keys: [{ ...published, alg: 'RS256', use: 'sig' }] }),
      {
        issuer: 'okta',
        subject: 'okta',
        audience: endpoint.url,
      },
    )
    expect(payload.jti).toBeTypeOf('string')
  })
})

describe('without a token the hook is not called, and the plain token is issued', () => {
  test.each([
    ['refuses', { status: 401, body: { error: 'invalid_client' } }],
    ['answers without a token', { body: {} }],
    ['answers with no object', { body: 7 }],
  ] as const)('when the token endpoint %s', async (_name, answer) => {
    await using hook = await listenAsHook(patch)
    await using endpoint = await listenAsTokenEndpoint(answer)
    const client = { clientId: 'okta', clientSecret: 's', tokenUrl: endpoint.url, scope: 'x' }
    await using sandbox = await orgWith(hook.uri, { type: 'client_secret_post', ...client })
    const { status, claims } = await requestMachineToken(sandbox)
    expect(status).toBe(200)
    expect(claims).not.toHaveProperty('hooked')
    expect(hook.calls).toEqual([])
    expect(sandbox.systemLog.events('inline_hook.executed')).toMatchObject([
      { outcome: { reason: 'The access token for the inline hook could not be obtained' } },
    ])
  })

  test('when fetching the token takes the time of the whole call', async () => {
    await using hook = await listenAsHook(patch)
    await using endpoint = await listenAsTokenEndpoint('silence')
    const client = { clientId: 'okta', clientSecret: 's', tokenUrl: endpoint.url, scope: 'x' }
    await using sandbox = await orgWith(hook.uri, { type: 'client_secret_post', ...client }, 100)
    expect((await requestMachineToken(sandbox)).status).toBe(200)
    expect(sandbox.systemLog.events('inline_hook.executed')).toMatchObject([
      { outcome: { reason: 'The inline hook did not answer within 100 ms' } },
    ])
  })
})

describe('a token for a hook is kept until it expires', () => {
  const lifetimes: readonly (readonly [string, Readonly<Record<string, number>>, number])[] = [
    ['for 600 seconds', { expires_in: 600 }, 2],
    ['and one without a lifetime is not kept', {}, 4],
  ]
  test.each(lifetimes)('%s', async (_name, lifetime, expected) => {
    await using hook = await listenAsHook(patch)
    await using endpoint = await listenAsTokenEndpoint({ body: { access_token: 'kept', ...lifetime } })
    const clock = { ms: 1_900_000_000_000, now: () => clock.ms }
    const client = { clientId: 'okta', clientSecret: 's', tokenUrl: endpoint.url, scope: 'x' }
    await using sandbox = await createQuickSandbox({
      clock,
      inlineHooks: [{ id: 'cal1', uri: hook.uri, auth: { type: 'client_secret_post', ...client } }],
      authorizationServers: [
        {
          id: 'default',
          scopes: ['orders:read'],
          policies: [{ name: 'p', rules: [{ name: 'r', inlineHook: 'cal1' }] }],
        },
      ],
    })
    for (const wait of [0, 0, 599_000, 1_000]) {
      clock.ms += wait
      await requestMachineToken(sandbox)
    }
    expect(hook.calls.map(({ headers }) => headers.authorization)).toEqual(Array(4).fill('Bearer kept'))
    expect(endpoint.forms).toHaveLength(expected)
  })
})
