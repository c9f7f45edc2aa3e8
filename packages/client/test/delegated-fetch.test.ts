import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { ClientOptions } from '@behalf/client'
import { errorTable } from '@behalf/core'
import { listen } from '@behalf/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { refusal, startFixture } from './support/fixture.ts'

interface Call {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** API B: notes what it gets, and answers 200 unless told otherwise, one answer each. */
async function startApiB() {
  const calls: Call[] = []
  const answers: ((response: ServerResponse) => void)[] = []
  const refusedTokens = new Set<string>()
  const server = await listen(async (request, response) => {
    calls.push({
      method: request.method,
      path: request.url,
      headers: request.headers,
      body: await text(request),
    })
    const answer = answers.shift()
    if (refusedTokens.has(request.headers.authorization ?? '')) response.writeHead(401).end()
    else if (answer === undefined) response.end('the orders')
    else answer(response)
  })
  onTestFinished(() => server.close())
  return { origin: server.origin, calls, answers, refusedTokens }
}

async function start(options: Partial<ClientOptions> = {}) {
  const fixture = await startFixture()
  const b = await startApiB()
  const client = fixture.client({ allowedOrigins: [b.origin], ...options })
  const assertion = fixture.server.userToken()
  return { ...fixture, b, client, assertion, callB: client.fetch(assertion, { scopes: ['orders:read'] }) }
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(code, headers).end(`answered ${code}`)
  }

test('carries the delegated token, and everything else of the request', async () => {
  const { b, callB, client, assertion } = await start()
  const response = await callB(`${b.origin}/orders?open=1`, {
    method: 'PUT',
    headers: { 'content-type': 'text/plain', 'x-request-id': '7' },
    body: 'an order',
  })
  expect(await response.text()).toBe('the orders')
  const { accessToken } = await client.acquireToken({ assertion, scopes: ['orders:read'] })
  expect(b.calls).toMatchObject([
    {
      method: 'PUT',
      path: '/orders?open=1',
      body: 'an order',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'text/plain', 'x-request-id': '7' },
    },
  ])
  expect(b.calls[0]?.headers['content-length']).toBe('8')
  expect(b.calls[0]?.headers['user-agent']).not.toMatch(/oauth/)
})

test.each(['a string', 'a URL', 'a Request'])('takes %s', async (kind) => {
  const { b, callB } = await start()
  const url = `${b.origin}/orders`
  const init = { method: 'POST', body: 'x', headers: { 'x-request-id': '7' } }
  if (kind === 'a Request') await callB(new Request(url, init))
  else await callB(kind === 'a URL' ? new URL(url) : url, init)
  expect(b.calls).toMatchObject([
    { method: 'POST', path: '/orders', body: 'x', headers: { 'x-request-id': '7' } },
  ])
  expect(b.calls[0]?.headers.authorization).toMatch(/^Bearer eyJ/)
})

describe('goes nowhere else', () => {
  test.each<[string, (origin: string) => string]>([
    ['another host', () => 'https://elsewhere.example/orders'],
    ['another port', (origin) => `${new URL(origin).protocol}//${new URL(origin).hostname}:9/`],
    ['another scheme', (origin) => origin.replace('http:', 'https:')],
    ['another name of this machine', (origin) => origin.replace('127.0.0.1', 'localhost')],
    ['a longer host', (origin) => origin.replace('127.0.0.1', '127.0.0.1.elsewhere.example')],
    ['a host behind user information', (origin) => `${origin}@elsewhere.example/`],
    ['no network at all', () => 'data:text/plain,orders'],
  ])('%s', async (_, url) => {
    const { b, callB, server } = await start()
    const error = await refusal(callB(url(b.origin)))
    expect(error.code).toBe('origin_not_allowed')
    expect(server.tokenRequests).toHaveLength(0)
    expect(b.calls).toHaveLength(0)
  })

  test('when no origin is allowed', async () => {
    const { server, client } = await startFixture()
    const b = await startApiB()
    const callB = client().fetch(server.userToken(), { scopes: [] })
    expect((await refusal(callB(b.origin))).code).toBe('origin_not_allowed')
  })

  test.each([301, 302, 303, 307, 308])('a redirect (%i) is handed back, not followed', async (code) => {
    const elsewhere = await startApiB()
    const { b, callB } = await start()
    b.answers.push(status(code, { location: `${elsewhere.origin}/stolen` }))
    const response = await callB(`${b.origin}/orders`, { redirect: 'follow' })
    expect(response.status).toBe(code)
    expect(response.headers.get('location')).toBe(`${elsewhere.origin}/stolen`)
    expect(elsewhere.calls).toHaveLength(0)
    expect(b.calls).toHaveLength(1)
  })

  test.each([['orders'], ['//b.example/orders'], ['']])('%j is no URL', async (url) => {
    const { callB } = await start()
    await expect(callB(url)).rejects.toThrow(new TypeError('fetch: expected an absolute URL'))
  })

  test('with an Authorization header of its own', async () => {
    const { b, callB } = await start()
    const call = callB(b.origin, { headers: { authorization: 'Basic eDp5' } })
    await expect(call).rejects.toThrow(/^fetch: headers: expected no Authorization/)
    expect(b.calls).toHaveLength(0)
  })
})

describe('after a 401', () => {
  test.each<[string, RequestInit]>([
    ['no body', {}],
    ['a string', { method: 'POST', body: 'a=1' }],
    ['form data', { method: 'POST', body: new URLSearchParams({ a: '1' }) }],
    ['bytes', { method: 'POST', body: new TextEncoder().encode('a=1') }],
    ['a blob', { method: 'POST', body: new Blob(['a=1']) }],
  ])('it tries once more with a new token and the same body: %s', async (_, init) => {
    const { b, callB, server } = await start()
    b.answers.push(status(401, { 'www-authenticate': 'Bearer error="invalid_token"' }))
    const response = await callB(`${b.origin}/orders`, init)
    expect(response.status).toBe(200)
    expect(server.tokenRequests).toHaveLength(2)
    const [first, second] = b.calls
    expect(second?.body).toBe(init.body === undefined ? '' : 'a=1')
    expect(second?.body).toBe(first?.body)
    expect(second?.headers.authorization).not.toBe(first?.headers.authorization)
  })

  test('it asks once, and forgets the token for good when the user was cut off', async () => {
    const { b, callB, client, assertion, server } = await start()
    await callB(`${b.origin}/orders`)
    b.answers.push(status(401, { 'www-authenticate': 'Bearer error="invalid_token"' }))
    const description = `assertion_revoked: ${errorTable.assertion_revoked.sentence}`
    server.nextAnswers.push({
      status: 400,
      body: { error: 'server_error', error_description: description },
    })
    expect(await refusal(callB(`${b.origin}/orders`))).toMatchObject({
      code: 'assertion_revoked',
      refusedBy: 'hook',
    })
    expect([server.tokenRequests.length, b.calls.length, client.statistics().entries]).toEqual([2, 2, 0])
    // What was cut off stays so, and nobody has to be asked again.
    expect((await refusal(callB(`${b.origin}/orders`))).code).toBe('assertion_revoked')
    const again = client.acquireToken({ assertion, scopes: ['orders:read'] })
    expect((await refusal(again)).code).toBe('assertion_revoked')
    expect([server.tokenRequests.length, b.calls.length]).toEqual([2, 2])
  })

  test('it forgets the refused token although no other could be had, so that none is refused twice', async () => {
    const { b, callB, client, server } = await start()
    await callB(`${b.origin}/orders`)
    b.answers.push(status(401))
    const description = `deadline_exceeded: ${errorTable.deadline_exceeded.sentence}`
    server.nextAnswers.push({
      status: 400,
      body: { error: 'server_error', error_description: description },
    })
    expect((await refusal(callB(`${b.origin}/orders`))).code).toBe('deadline_exceeded')
    expect(client.statistics().entries).toBe(0)
    expect((await callB(`${b.origin}/orders`)).status).toBe(200)
    const tokens = b.calls.map(({ headers }) => headers.authorization)
    expect(tokens[2]).not.toBe(tokens[1])
  })

  test('it hands a second 401 back', async () => {
    const { b, callB, server } = await start()
    b.answers.push(status(401), status(401))
    const response = await callB(`${b.origin}/orders`)
    expect(response.status).toBe(401)
    expect(await response.text()).toBe('answered 401')
    expect(server.tokenRequests).toHaveLength(2)
    expect(b.calls).toHaveLength(2)
  })

  test.each<[string, (url: string) => [string | Request, RequestInit]]>([
    ['a stream', (url) => [url, { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' }]],
    ['a Request with a body', (url) => [new Request(url, { method: 'POST', body: 'x' }), {}]],
  ])('it does not try again when the body is used up: %s', async (_, request) => {
    const { b, callB, server } = await start()
    b.answers.push(status(401, { 'www-authenticate': 'Bearer' }))
    const response = await callB(...request(`${b.origin}/orders`))
    expect(response.status).toBe(401)
    expect(await response.text()).toBe('answered 401')
    expect(b.calls).toMatchObject([{ body: 'x' }])
    expect(server.tokenRequests).toHaveLength(1)
  })

  test.each(['DPoP error="invalid_dpop_proof"', 'Basic realm="proxy"', 'Bearer error="invalid_request"'])(
    'no new token is asked for when it is not the token: %s',
    async (challenge) => {
      const { b, callB, server } = await start()
      b.answers.push(status(401, { 'www-authenticate': challenge }))
      expect((await callB(`${b.origin}/orders`)).status).toBe(401)
      expect(server.tokenRequests).toHaveLength(1)
    },
  )

  test('that lasts, one new token a minute is asked for', async () => {
    const { b, callB, server, clock } = await start()
    for (let call = 0; call < 20; call++) {
      b.answers.push(status(401), status(401))
      const response = await callB(`${b.origin}/orders`)
      expect([response.status, await response.text()]).toEqual([401, 'answered 401'])
      b.answers.length = 0
    }
    expect(server.tokenRequests).toHaveLength(2)
    clock.advance(60_000)
    b.answers.push(status(401))
    expect((await callB(`${b.origin}/orders`)).status).toBe(200)
    expect(server.tokenRequests).toHaveLength(3)
  })

  test('that lasts, uploads buy no more tokens than other calls', async () => {
    const { b, callB, server } = await start()
    for (let call = 0; call < 20; call++) {
      b.answers.push(status(401), status(401))
      const body = new Blob(['x']).stream()
      await callB(`${b.origin}/orders`, call % 2 === 0 ? { method: 'POST', body, duplex: 'half' } : {})
      b.answers.length = 0
    }
    expect(server.tokenRequests).toHaveLength(2)
  })

  test('to a body that is used up, the next call gets a new token', async () => {
    const { b, callB, server } = await start()
    await callB(`${b.origin}/orders`)
    b.refusedTokens.add(b.calls[0]?.headers.authorization ?? '')
    const upload = (): RequestInit => ({ method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' })
    expect((await callB(`${b.origin}/orders`, upload())).status).toBe(401)
    expect((await callB(`${b.origin}/orders`, upload())).status).toBe(200)
    expect(server.tokenRequests).toHaveLength(2)
  })

  test('of a herd, one new token is asked for', async () => {
    const { b, callB, server } = await start()
    await callB(`${b.origin}/orders`)
    b.refusedTokens.add(b.calls[0]?.headers.authorization ?? '')
    const responses = await Promise.all(Array.from({ length: 20 }, () => callB(`${b.origin}/orders`)))
    expect(responses.every(({ ok }) => ok)).toBe(true)
    expect(server.tokenRequests).toHaveLength(2)
  })

  test('the refusal of a new token is thrown', async () => {
    const { b, callB, server } = await start()
    await callB(`${b.origin}/orders`)
    b.answers.push(status(401))
    server.nextAnswers.push({
      status: 400,
      body: { error: 'server_error', error_description: 'assertion_expired: Over.' },
    })
    expect((await refusal(callB(`${b.origin}/orders`))).code).toBe('assertion_expired')
  })
})

test.each([400, 403, 404, 500, 503])('%i is handed back as it is', async (code) => {
  const { b, callB, server } = await start()
  b.answers.push(status(code, { 'www-authenticate': 'Bearer error="insufficient_scope"' }))
  const response = await callB(`${b.origin}/orders`)
  expect(response.status).toBe(code)
  expect(await response.text()).toBe(`answered ${code}`)
  expect(server.tokenRequests).toHaveLength(1)
  expect(b.calls).toHaveLength(1)
})

test('API B must begin to answer in time, and may then take its time', async () => {
  const { b, clock, client, assertion } = await start()
  const callB = client.fetch(assertion, { scopes: [], answerTimeoutMs: 500 })
  b.answers.push(() => clock.advance(500))
  await expect(callB(b.origin)).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }))

  b.answers.push((response) => {
    response.write('the ')
    response.flushHeaders()
    void headersSeen.then(() => response.end('orders'))
  })
  let seen: () => void = () => undefined
  const headersSeen = new Promise<void>((resolve) => {
    seen = resolve
  })
  const response = await callB(b.origin)
  clock.advance(500)
  seen()
  expect(await response.text()).toBe('the orders')
  expect(clock.pending).toBe(0)
})

test('a signal ends the call', async () => {
  const { b, callB } = await start()
  const abort = new AbortController()
  b.answers.push(() => abort.abort(new Error('enough')))
  await expect(callB(b.origin, { signal: abort.signal })).rejects.toThrow('enough')
})

test.each<[string, object, string]>([
  ['no time at all', { scopes: [], answerTimeoutMs: Number.POSITIVE_INFINITY }, 'answerTimeoutMs: expected'],
  ['more time than timers have', { scopes: [], answerTimeoutMs: 2 ** 31 }, 'answerTimeoutMs: expected'],
  ['a time that is not set', { scopes: [], answerTimeoutMs: undefined }, 'answerTimeoutMs: expected'],
  ['a name that is not known', { scopes: [], timeoutMs: 1 }, 'timeoutMs: unknown'],
  ['no scopes', {}, 'scopes: missing'],
])('options with %s are refused', async (_, options, fault) => {
  const { client, assertion } = await start()
  expect(() => Reflect.apply(client.fetch, client, [assertion, options])).toThrow(fault)
})
