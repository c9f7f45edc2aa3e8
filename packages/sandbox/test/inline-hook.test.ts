import { createServer } from 'node:net'
import { createSandbox, type Sandbox } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HookServer, json, listenAsHook, patches } from './hook-server.ts'
import { requestMachineToken } from './machine-token.ts'

type Answer = Parameters<typeof listenAsHook>[0]

let answer: Answer = () => {}
let hook: HookServer
let sandbox: Sandbox
/** Waits for a hook no longer than a test should. */
let impatient: Sandbox

beforeAll(async () => {
  hook = await listenAsHook((response) => answer(response))
  sandbox = await createSandbox({
    ...oneServer,
    hook: { uri: hook.uri, secret: 'hook-secret-0123456789', headers: { 'X-Static': 'yes' } },
  })
  impatient = await createSandbox({
    ...oneServer,
    hook: { uri: hook.uri, secret: 'hook-secret-0123456789' },
    hookTimeoutMs: 200,
  })
})

afterAll(async () => {
  await sandbox.close()
  await impatient.close()
  await hook[Symbol.asyncDispose]()
})

const lastLog = (org = sandbox): unknown =>
  org.systemLog.events().findLast(({ eventType }) => eventType.startsWith('inline_hook.'))

describe('the call', () => {
  test('carries the whole token request URL, the secret verbatim and no form parameter', async () => {
    answer = (response) => response.writeHead(204).end()
    hook.calls.length = 0
    const query = '?assertion=a.b.c&x=%2F+y'
    await requestMachineToken(sandbox, { query, form: { custom: 'form-value' } })
    const [call] = hook.calls
    expect(hook.calls).toHaveLength(1)
    expect(call?.headers).toMatchObject({
      authorization: 'hook-secret-0123456789',
      accept: 'application/json',
      'content-type': 'application/json',
      'x-static': 'yes',
    })
    const url = `${sandbox.url}/oauth2/default/v1/token`
    expect(call?.body).toMatchObject({
      source: url,
      eventTypeVersion: '1.0',
      cloudEventVersion: '0.1',
      contentType: 'application/json',
      eventType: 'com.okta.oauth2.tokens.transform',
      data: {
        context: {
          request: { method: 'POST', url: { value: `${url}${query}` }, ipAddress: '127.0.0.1' },
          protocol: {
            type: 'OAUTH2.0',
            request: {
              client_id: '0oaApiA0000000000001',
              grant_type: 'client_credentials',
              scope: 'orders:read',
            },
            issuer: { uri: `${sandbox.url}/oauth2/default` },
            client: { id: '0oaApiA0000000000001', name: 'API A', type: 'CONFIDENTIAL' },
          },
          policy: { id: expect.any(String), rule: { id: expect.any(String) } },
        },
        access: {
          claims: { ver: 1, cid: '0oaApiA0000000000001', sub: '0oaApiA0000000000001', scp: ['orders:read'] },
          token: { lifetime: { expiration: 3600 } },
          scopes: { 'orders:read': { id: expect.stringMatching(/^scp/), action: 'GRANT' } },
        },
      },
    })
    const { context, ...data } = Object(call?.body['data'])
    expect(Object.keys(context).toSorted()).toEqual(['policy', 'protocol', 'request'])
    expect(Object.keys(data)).toEqual(['access'])
    expect(JSON.stringify(call?.body)).not.toContain('form-value')
  })
})

describe('what the hook may change', () => {
  test('a patch is applied: sub, act, nested claims, lifetime', async () => {
    answer = patches(
      { op: 'replace', path: '/claims/sub', value: 'alice@example.com' },
      { op: 'add', path: '/claims/act', value: { sub: '0oaApiA0000000000001' } },
      { op: 'add', path: '/claims/act/sub_profile', value: 'service' },
      { op: 'replace', path: '/token/lifetime/expiration', value: 300 },
    )
    const { body, claims } = await requestMachineToken(sandbox)
    expect(claims).toMatchObject({
      sub: 'alice@example.com',
      act: { sub: '0oaApiA0000000000001', sub_profile: 'service' },
      exp: Number(claims.iat) + 300,
    })
    expect(body['expires_in']).toBe(300)
    expect(lastLog()).toMatchObject({
      eventType: 'inline_hook.response.processed',
      outcome: { result: 'SUCCESS' },
    })
  })

  test('an error object refuses the token and says why', async () => {
    answer = json({
      error: { errorSummary: 'policy_denied: no' },
      debugContext: { decision: 'd-1' },
      commands: [],
    })
    const { status, body } = await requestMachineToken(sandbox)
    expect(status).toBe(400)
    expect(body).toEqual({ error: 'server_error', error_description: 'policy_denied: no' })
    expect(lastLog()).toMatchObject({
      eventType: 'inline_hook.response.processed',
      outcome: { result: 'FAILURE', reason: 'policy_denied: no' },
      debugContext: { debugData: { debugContext: { decision: 'd-1' } } },
    })
  })

  test('204, no commands and empty commands change nothing', async () => {
    for (const unchanged of [(r) => r.writeHead(204).end(), json({}), json({ commands: [] })] as Answer[]) {
      answer = unchanged
      const { status, claims } = await requestMachineToken(sandbox)
      expect(status).toBe(200)
      expect(claims.sub).toBe('0oaApiA0000000000001')
    }
  })
})

describe('Okta fails open: the plain token is issued when the hook', () => {
  const failures: readonly [name: string, answer: Answer, reason: RegExp][] = [
    ['does not answer in time', () => {}, /did not answer within 200 ms/],
    [
      'starts to answer in time but does not end',
      (response) => response.writeHead(200).write('{"error":{"errorSummary":"late"}'),
      /did not answer within 200 ms/,
    ],
    ['drops the connection', (response) => response.socket?.destroy(), /connection .* failed/],
    [
      'answers 400',
      (response) => response.writeHead(400).end('{"error":{"errorSummary":"no"}}'),
      /status 400/,
    ],
    [
      'answers 401',
      (response) => response.writeHead(401).end('{"error":{"errorSummary":"no"}}'),
      /status 401/,
    ],
    [
      'answers 500',
      (response) => response.writeHead(500).end('{"error":{"errorSummary":"no"}}'),
      /status 500/,
    ],
    [
      'answers 201',
      (response) => response.writeHead(201).end('{"error":{"errorSummary":"no"}}'),
      /status 201/,
    ],
    ['redirects', (response) => response.writeHead(307, { location: hook.uri }).end(), /status 307/],
    [
      'answers with no JSON',
      (response) => response.writeHead(200).end('<html>'),
      /^Could not deserialize inline hook response$/,
    ],
    [
      'answers with no body',
      (response) => response.writeHead(200).end(),
      /^Could not deserialize inline hook response$/,
    ],
    ['answers with an array', json([]), /^Could not deserialize inline hook response$/],
    ['answers with more than 256 KB', json({ pad: 'x'.repeat(256 * 1024) }), /larger than 262144 bytes/],
  ]
  test.each(failures)('%s', async (_name, given, reason) => {
    answer = given
    hook.calls.length = 0
    const org = reason.source.includes('200 ms') ? impatient : sandbox
    const { status, body, claims } = await requestMachineToken(org, {
      query: '?assertion=secret-assertion',
    })
    expect(status).toBe(200)
    expect(body['expires_in']).toBe(3600)
    expect(claims.sub).toBe('0oaApiA0000000000001')
    expect(hook.calls, 'never called twice').toHaveLength(1)
    expect(lastLog(org)).toMatchObject({
      eventType: 'inline_hook.executed',
      outcome: { result: 'FAILURE', reason: expect.stringMatching(reason) },
    })
    // Okta's log keeps the query, and the path apart from it.
    expect(lastLog(org)).toMatchObject({
      debugContext: {
        debugData: {
          requestUri: '/oauth2/default/v1/token',
          url: '/oauth2/default/v1/token?assertion=secret-assertion',
        },
      },
    })
  })

  test('cannot be reached', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const address = closed.address()
    const port = typeof address === 'object' ? address?.port : undefined
    await new Promise((resolve) => closed.close(resolve))
    await using lonely = await createSandbox({
      ...oneServer,
      hook: { uri: `http://127.0.0.1:${port}/`, secret: 'hook-secret-0123456789' },
    })
    const { status, claims } = await requestMachineToken(lonely)
    expect(status).toBe(200)
    expect(claims.sub).toBe('0oaApiA0000000000001')
    expect(lonely.systemLog.events('inline_hook.executed')).toHaveLength(1)
  })

  const sub = { op: 'replace', path: '/claims/sub', value: 'alice@example.com' }
  const inapplicable: readonly [name: string, answer: Answer, reason: RegExp][] = [
    ['a reserved claim', patches(sub, { op: 'add', path: '/claims/uid', value: 'x' }), /reserved/],
    [
      'a member of a reserved claim',
      patches(sub, { op: 'add', path: '/claims/scp/-', value: 'x' }),
      /reserved/,
    ],
    [
      'a missing target',
      patches(sub, { op: 'replace', path: '/claims/none', value: 'x' }),
      /^Path not found\(op=replace, path=\/claims\/none\)$/,
    ],
    [
      'a missing value',
      patches(sub, { op: 'add', path: '/claims/x' }),
      /^Value is required for add\/replace operation\(/,
    ],
    ['an unknown op', patches(sub, { op: 'move', path: '/claims/x', value: 'x' }), /not supported/],
    ['a path outside', patches(sub, { op: 'replace', path: '/scopes', value: 'x' }), /Path is invalid/],
    [
      'a lifetime too short',
      patches(sub, { op: 'replace', path: '/token/lifetime/expiration', value: 299 }),
      /between/,
    ],
    [
      'a lifetime too long',
      patches(sub, { op: 'replace', path: '/token/lifetime/expiration', value: 86_401 }),
      /between/,
    ],
    [
      'a lifetime added',
      patches(sub, { op: 'add', path: '/token/lifetime/expiration', value: 300 }),
      /only be replaced/,
    ],
    [
      'a patch of an ID token that is not minted',
      json({
        commands: [
          { type: 'com.okta.access.patch', value: [sub] },
          { type: 'com.okta.identity.patch', value: [{ op: 'add', path: '/claims/x', value: 1 }] },
        ],
      }),
      /No identity token/,
    ],
    [
      'an unknown type of command',
      json({ commands: [{ type: 'com.okta.refresh.patch', value: [sub] }] }),
      /type/,
    ],
  ]
  test.each(inapplicable)('sends %s: the whole patch is dropped', async (_name, given, reason) => {
    answer = given
    const { status, claims, body } = await requestMachineToken(sandbox)
    expect(status).toBe(200)
    expect(claims.sub).toBe('0oaApiA0000000000001')
    expect(body['expires_in']).toBe(3600)
    expect(lastLog()).toMatchObject({
      eventType: 'inline_hook.response.processed',
      outcome: { result: 'FAILURE', reason: expect.stringMatching(reason) },
    })
  })
})
