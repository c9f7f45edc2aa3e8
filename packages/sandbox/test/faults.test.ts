import { defaultApiToken, type Fault, faultCatalogue, type Sandbox } from '@behalf/sandbox'
import { describe, expect, test } from 'vitest'
import { listenAsHook, patches } from './hook-server.ts'
import { basic, requestMachineToken } from './machine-token.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

const patch = patches({ op: 'add', path: '/claims/hooked', value: true })

async function withFault(
  fault: Fault,
  check: (sandbox: Sandbox, calls: () => number) => Promise<void>,
): Promise<void> {
  await using hook = await listenAsHook(patch)
  await using sandbox = await createQuickSandbox({
    hook: { uri: hook.uri, secret: 'hook-secret-0123456789' },
    hookTimeoutMs: 1000,
  })
  expect((await requestMachineToken(sandbox)).claims['hooked']).toBe(true)
  hook.calls.length = 0
  const id = await sandbox.injectFault(fault)
  expect(sandbox.faults).toEqual([{ id, fault }])
  await check(sandbox, () => hook.calls.length)
  sandbox.clearFaults(id)
  expect(sandbox.faults).toEqual([])
  const healed = await requestMachineToken(sandbox)
  expect(healed.claims['hooked']).toBe(true)
  expect(Math.abs(Number(healed.claims.iat) - Date.now() / 1000)).toBeLessThan(10)
}

describe('a hook that fails on demand leaves the plain token', () => {
  test.each<[Fault, RegExp]>([
    [{ kind: 'hook-unreachable' }, /^The connection to the inline hook failed$/],
    [{ kind: 'hook-slow', delayMs: 60_000 }, /did not answer/],
    [{ kind: 'hook-status', status: 503 }, /status 503/],
  ])('%j', async (fault, reason) => {
    await withFault(fault, async (sandbox, calls) => {
      const { status, claims } = await requestMachineToken(sandbox)
      expect(status).toBe(200)
      expect(claims).not.toHaveProperty('hooked')
      expect(calls()).toBe(0)
      const [event] = sandbox.systemLog.events('inline_hook.executed')
      expect(event?.outcome).toEqual({ result: 'FAILURE', reason: expect.stringMatching(reason) })
    })
  })

  test('but one that is late within the limit still counts', async () => {
    await withFault({ kind: 'hook-slow', delayMs: 1 }, async (sandbox) => {
      expect((await requestMachineToken(sandbox)).claims['hooked']).toBe(true)
    })
  })
})

test('the rate limit of the token endpoint', async () => {
  await withFault({ kind: 'rate-limit', endpoint: 'token' }, async (sandbox) => {
    const { status, body } = await requestMachineToken(sandbox)
    expect(status).toBe(429)
    expect(body).toMatchObject({ errorCode: 'E0000047', errorCauses: [] })
    expect(sandbox.systemLog.events('system.org.rate_limit.violation')).toHaveLength(1)
  })
})

test('a clock that is off', async () => {
  await withFault({ kind: 'clock-skew', seconds: -7200 }, async (sandbox) => {
    const { claims } = await requestMachineToken(sandbox)
    expect(Date.now() / 1000 - Number(claims.iat)).toBeGreaterThan(7190)
    expect(Number(claims.exp) - Number(claims.iat)).toBe(3600)
  })
})

const kidsOf = async (sandbox: Sandbox): Promise<string[]> => {
  const { keys } = Object(await (await fetch(`${sandbox.url}/oauth2/default/v1/keys`)).json())
  return keys.map(({ kid }: { kid: string }) => kid)
}

test('keys that are rotated by surprise, and keys that are gone', async () => {
  await using sandbox = await createQuickSandbox()
  const before = await kidsOf(sandbox)
  await sandbox.injectFault({ kind: 'key-rotation', serverId: 'default' })
  const after = await kidsOf(sandbox)
  expect(after).toHaveLength(1)
  expect(after).not.toEqual(before)
  await sandbox.injectFault({ kind: 'keys-withdrawn', serverId: 'default' })
  expect(await kidsOf(sandbox)).toEqual([])
  sandbox.clearFaults()
  expect(await kidsOf(sandbox)).toEqual(after)
})

test('encrypted access tokens', async () => {
  await withFault({ kind: 'encrypted-access-tokens' }, async (sandbox) => {
    const response = await fetch(`${sandbox.url}/oauth2/default/v1/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: 'orders:read',
        client_id: '0oaApiA0000000000001',
        client_secret: 'api-a-secret-for-the-sandbox-only',
      }),
    })
    const { access_token: token } = Object(await response.json())
    expect(String(token).split('.')).toHaveLength(5)
  })
})

test('a revoked client', async () => {
  await withFault({ kind: 'client-revoked', clientId: '0oaApiA0000000000001' }, async (sandbox) => {
    const { status, body } = await requestMachineToken(sandbox)
    expect(status).toBe(401)
    expect(body['error']).toBe('invalid_client')
    expect(sandbox.systemLog.events('application.lifecycle.deactivate')).toHaveLength(1)
  })
})

describe('over HTTP', () => {
  const call = (sandbox: Sandbox, method: string, path: string, body?: unknown, token = defaultApiToken) =>
    fetch(`${sandbox.url}${path}`, {
      method,
      headers: { authorization: `SSWS ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  test('faults are listed, brought about and cleared', async () => {
    await using sandbox = await createQuickSandbox()
    const kinds = Object(await (await call(sandbox, 'GET', '/sandbox/fault-kinds')).json())
    expect(kinds).toEqual(JSON.parse(JSON.stringify(faultCatalogue)))
    const made = await call(sandbox, 'POST', '/sandbox/faults', { kind: 'hook-status', status: 500 })
    expect(made.status).toBe(201)
    const { id } = Object(await made.json())
    expect(await (await call(sandbox, 'GET', '/sandbox/faults')).json()).toEqual([
      { id, kind: 'hook-status', status: 500 },
    ])
    expect((await call(sandbox, 'DELETE', `/sandbox/faults/${id}`)).status).toBe(204)
    expect(sandbox.faults).toEqual([])
    await call(sandbox, 'POST', '/sandbox/faults', { kind: 'rate-limit', endpoint: 'management' })
    expect((await call(sandbox, 'GET', '/api/v1/apps')).status).toBe(429)
    expect((await call(sandbox, 'DELETE', '/sandbox/faults')).status).toBe(204)
    expect((await call(sandbox, 'GET', '/api/v1/apps')).status).toBe(200)
  })

  test.each([
    [{}, /kind: expected one of/],
    [{ kind: 'nothing' }, /kind: expected one of/],
    [{ kind: 'hook-slow' }, /delayMs: is missing/],
    [{ kind: 'hook-slow', delayMs: -1, delay: 1 }, /delayMs: expected a whole number.*; delay: is not known/],
    [{ kind: 'clock-skew', seconds: 1e300 }, /seconds: expected a whole number/],
    [{ kind: 'hook-status', status: 99 }, /status: expected/],
    [{ kind: 'rate-limit', endpoint: 'x' }, /endpoint: expected/],
    [{ kind: 'client-revoked', clientId: 'x' }, /no app 'x'/],
    [{ kind: 'key-rotation', serverId: 'x' }, /no authorization server 'x'/],
  ])('%j is refused', async (fault, summary) => {
    await using sandbox = await createQuickSandbox()
    const answer = await call(sandbox, 'POST', '/sandbox/faults', fault)
    expect(answer.status).toBe(400)
    expect(Object(await answer.json()).errorSummary).toMatch(summary)
    expect(sandbox.faults).toEqual([])
    expect((await call(sandbox, 'POST', '/sandbox/faults', fault, 'wrong')).status).toBe(401)
  })
})

test('a fault that is none is refused in the program, too', async () => {
  await using sandbox = await createQuickSandbox()
  // @ts-expect-error: what a program without types may say
  await expect(sandbox.injectFault({ kind: 'hook-slow', delay: 1 })).rejects.toThrow(
    /delayMs: is missing\ndelay: is not known/,
  )
  expect(sandbox.faults).toEqual([])
})

test('clients are refused in Okta’s own envelope', async () => {
  await withFault({ kind: 'client-envelope' }, async (sandbox) => {
    const headers = basic('0oaApiA0000000000001', 'a wrong secret')
    const { status, body } = await requestMachineToken(sandbox, { headers })
    expect(status).toBe(400)
    expect(body).toMatchObject({ errorCode: 'invalid_client', errorLink: 'invalid_client', errorCauses: [] })
    expect(body).not.toHaveProperty('error')
    expect((await requestMachineToken(sandbox)).status).toBe(200)
  })
})
