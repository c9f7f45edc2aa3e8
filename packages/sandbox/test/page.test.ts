import { request } from 'node:http'
import type { Sandbox } from '@behalf/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createQuickSandbox } from './quick-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createQuickSandbox({
    trustedOrigins: ['http://127.0.0.1:3001'],
    users: [{ login: 'alice@example.com', name: '<script>alert(1)</script>' }],
  })
})
afterAll(() => sandbox.close())

const ask = (path: string, init: RequestInit = {}) => fetch(`${sandbox.url}${path}`, init)
const wish = JSON.stringify({
  login: 'alice@example.com',
  clientId: '0oaApiA0000000000001',
  scopes: ['orders:read'],
})

test.each(['/', '/behalf/app.js', '/behalf/app.css'])('%s comes with a strict policy', async (path) => {
  const response = await ask(path)
  expect(response.status).toBe(200)
  const policy = response.headers.get('content-security-policy') ?? ''
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ])
    expect(policy).toContain(rule)
  expect(policy).not.toContain('unsafe')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await ask(path, { method: 'POST', headers: { origin: sandbox.url } })).status).toBe(405)
})

describe('pages of other origins', () => {
  const foreign = [
    ['https://evil.example', {}],
    ['null', {}],
    // These may sign people in here; they may not look on.
    ['http://127.0.0.1:3000', {}],
    ['http://127.0.0.1:3001', {}],
    [undefined, { 'sec-fetch-site': 'cross-site' }],
    [undefined, { 'sec-fetch-site': 'same-site' }],
  ] as const

  test.each(foreign)('cannot read: %s %o', async (origin, others) => {
    const headers = { ...others, ...(origin === undefined ? {} : { origin }) }
    for (const path of ['exchanges', 'org', 'faults', 'policy']) {
      expect((await ask(`/api/behalf/${path}`, { headers })).status).toBe(403)
      const stream = { ...headers, accept: 'text/event-stream' }
      expect((await ask(`/api/behalf/${path}`, { headers: stream })).status).toBe(403)
    }
  })

  test.each(foreign)('cannot drive: %s %o', async (origin, others) => {
    const headers = { ...others, ...(origin === undefined ? {} : { origin }) }
    const body = '{"kind":"hook-unreachable"}'
    expect((await ask('/api/behalf/faults', { method: 'POST', headers, body })).status).toBe(403)
    expect((await ask('/api/behalf/exchanges', { method: 'POST', headers, body: wish })).status).toBe(403)
    expect((await ask('/api/behalf/sign-ins', { method: 'POST', headers, body: wish })).status).toBe(403)
    expect(sandbox.faults).toEqual([])
  })

  test.each([
    ['GET', '/'],
    ['GET', '/behalf/app.js'],
    ['GET', '/api/behalf/exchanges'],
    ['GET', '/api/behalf/policy'],
    ['POST', '/api/behalf/faults'],
    ['POST', '/api/behalf/exchanges'],
  ])('nor who has another name point here: %s %s', async (method, path) => {
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    // As a browser sends it: to itself, the page there is of the same origin.
    const headers = { host: 'evil.example', origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' }
    request(`${sandbox.url}${path}`, { method, headers }, (response) => {
      resolve(response.resume().statusCode)
    }).end('{"kind":"hook-unreachable"}')
    expect(await promise).toBe(403)
    expect(sandbox.faults).toEqual([])
  })

  test('programs read, and change nothing without saying that they are the page', async () => {
    expect((await ask('/api/behalf/exchanges')).status).toBe(200)
    expect(
      (await ask('/api/behalf/faults', { method: 'POST', body: '{"kind":"hook-unreachable"}' })).status,
    ).toBe(403)
  })
})

describe('the page itself', () => {
  const drive = (method: string, path: string, body?: string) =>
    ask(`/api/behalf/${path}`, {
      method,
      headers: { origin: sandbox.url, 'sec-fetch-site': 'same-origin' },
      ...(body === undefined ? {} : { body }),
    })

  test('knows users, apps with what they need, and faults', async () => {
    expect(await (await ask('/api/behalf/org')).json()).toMatchObject({
      users: [{ login: 'alice@example.com', name: '<script>alert(1)</script>' }],
      apps: [
        { clientId: '0oaSpa00000000000001', redirectUris: expect.any(Array) },
        { clientId: '0oaApiA0000000000001', clientSecret: 'api-a-secret-for-the-sandbox-only' },
        { clientId: '0oaApiB0000000000001' },
      ],
      faultKinds: expect.arrayContaining([expect.objectContaining({ kind: 'hook-slow' })]),
    })
  })

  test('performs an exchange', async () => {
    expect((await drive('POST', 'exchanges', wish)).status).toBe(201)
    const exchanges = JSON.parse(await (await ask('/api/behalf/exchanges')).text())
    expect(exchanges.at(-1)).toMatchObject({
      client: { id: '0oaApiA0000000000001' },
      outcome: 'plain',
      assertion: { claims: { sub: 'alice@example.com' } },
      why: expect.stringContaining('no active hook is attached'),
    })
  })

  test('switches faults on and off', async () => {
    const on = await drive('POST', 'faults', '{"kind":"hook-slow","delayMs":10}')
    const [{ id }] = JSON.parse(await on.text())
    expect(sandbox.faults).toEqual([{ id, fault: { kind: 'hook-slow', delayMs: 10 } }])
    await drive('DELETE', `faults/${id}`)
    expect(sandbox.faults).toEqual([])
  })

  test.each([
    ['faults', '{"kind":"hook-slow"}', /delayMs/],
    ['faults', 'no json', /well-formed/],
    ['exchanges', '{"login":"nobody","clientId":"0oaApiA0000000000001"}', /no user 'nobody'/],
    ['exchanges', '{"login":"alice@example.com","clientId":"0oaX"}', /no app '0oaX'/],
    ['exchanges', '{"login":"alice@example.com"}', /clientId/],
    ['sign-ins', '{}', /login/],
  ])('is told what is wrong: %s %s', async (path, body, said) => {
    const response = await drive('POST', path, body)
    expect(response.status).toBe(400)
    expect(JSON.parse(await response.text()).errorSummary).toMatch(said)
  })

  test('performs exchanges as the option says', async () => {
    const wishes: unknown[] = []
    let performs = true
    const other = await createQuickSandbox({
      exchange: async (asked) => {
        wishes.push(asked)
        return performs
      },
    })
    const listed = async (): Promise<unknown> => (await fetch(`${other.url}/api/behalf/exchanges`)).json()
    const askFor = () =>
      fetch(`${other.url}/api/behalf/exchanges`, {
        method: 'POST',
        headers: { origin: other.url },
        body: wish,
      })
    await askFor()
    expect(await listed()).toEqual([])
    performs = false
    await askFor()
    expect(await listed()).toHaveLength(2)
    expect(wishes).toEqual([JSON.parse(wish), JSON.parse(wish)])
    await other.close()
  })
})
