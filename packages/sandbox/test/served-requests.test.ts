import { createSandbox, type ServedRequest } from '@behalf/sandbox'
import { describe, expect, test } from 'vitest'
import { json, listenAsHook, patches } from './hook-server.ts'
import { requestMachineToken } from './machine-token.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

const machine = { clientId: '0oaApiA0000000000001', grantType: 'client_credentials' }

describe('the observer is told of every request, and what the hook made of it', () => {
  test.each([
    ['changed', patches({ op: 'add', path: '/claims/x', value: 'y' }), 200, { kind: 'applied' }],
    ['left alone', json({}), 200, { kind: 'unchanged' }],
    ['denied', json({ error: { errorSummary: 'no: never' } }), 400, { kind: 'denied', reason: 'no: never' }],
    [
      'plain, because a patch was dropped',
      patches({ op: 'replace', path: '/claims/none', value: 'y' }),
      200,
      { kind: 'failed', reason: expect.stringMatching(/Path not found/) },
    ],
  ] as const)('%s', async (_name, answer, status, outcome) => {
    await using hook = await listenAsHook(answer)
    const served: ServedRequest[] = []
    await using sandbox = await createQuickSandbox({
      hook: { uri: hook.uri, secret: 'hook-secret-0123456789' },
      onRequest: (request) => served.push(request),
    })
    await requestMachineToken(sandbox, { query: '?assertion=secret' })
    expect(served).toEqual([
      {
        method: 'POST',
        path: '/oauth2/default/v1/token',
        status,
        durationMs: expect.any(Number),
        token: { ...machine, hook: outcome },
      },
    ])
  })

  test('of those without a hook, and of those that are turned away', async () => {
    const served: ServedRequest[] = []
    await using sandbox = await createQuickSandbox({ onRequest: (request) => served.push(request) })
    await requestMachineToken(sandbox)
    await sandbox.userToken({ login: 'alice@example.com' })
    await fetch(`${sandbox.url}/nothing`)
    expect(served[0]?.token).toEqual(machine)
    expect(served.findLast(({ token }) => token !== undefined)?.token).toMatchObject({
      grantType: 'authorization_code',
      login: 'alice@example.com',
    })
    expect(served.at(-1)).toMatchObject({ path: '/nothing', status: 404 })
  })

  test('and its faults end nothing', async () => {
    await using sandbox = await createQuickSandbox({
      onRequest: () => {
        throw new Error('an observer that fails on purpose')
      },
    })
    expect((await requestMachineToken(sandbox)).status).toBe(200)
    expect((await requestMachineToken(sandbox)).status).toBe(200)
  })
})

describe('where the org is for everybody else', () => {
  test('is what issuers and links say, and a Host that it answers for', async () => {
    await using sandbox = await createSandbox({ baseUrl: 'http://sandbox.test:8090' })
    expect(sandbox.servers[0]?.issuer).toBe('http://sandbox.test:8090/oauth2/users')
  })

  test('is this machine when it listens on every address', async () => {
    await using sandbox = await createQuickSandbox({ host: '0.0.0.0' })
    expect(sandbox.url).toMatch(/^http:\/\/localhost:\d+$/)
    expect((await requestMachineToken(sandbox)).status).toBe(200)
  })

  test('is an origin', async () => {
    await expect(createSandbox({ baseUrl: 'http://x/path' })).rejects.toThrow(/baseUrl: expected an http/)
  })
})

test('hooks are told with what they are called for', async () => {
  await using sandbox = await createQuickSandbox({
    hook: { uri: 'http://127.0.0.1:9/', secret: 'hook-secret-0123456789' },
    inlineHooks: [{ id: 'idle', uri: 'http://127.0.0.1:9/idle', auth: { secret: 'hook-secret-0123456789' } }],
  })
  expect(sandbox.hooks).toMatchObject([
    { id: 'idle', rules: [] },
    { rules: [{ serverId: 'default', rule: 'Machines', grantTypes: ['client_credentials'] }] },
  ])
})
