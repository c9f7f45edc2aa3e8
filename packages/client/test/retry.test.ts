import { describe, expect, test } from 'vitest'
import { readRetryAfter } from '../src/token-endpoint/retry-after.ts'
import { refusal, startFixture } from './support/fixture.ts'
import { HastyClock } from './support/hasty-clock.ts'

async function startHasty(random: () => number = () => 0.5) {
  const clock = new HastyClock()
  const fixture = await startFixture()
  return { ...fixture, clock, a: fixture.client({ clock, random }) }
}

describe('another attempt is made', () => {
  test.each([500, 502, 503, 504])('after %i, at most twice, with growing random pauses', async (status) => {
    const { server, clock, a } = await startHasty()
    server.nextAnswers.push(...Array.from({ length: 3 }, () => ({ status, body: 'down' })))
    const error = await refusal(a.acquireToken({ assertion: server.userToken(), scopes: [] }))
    expect(error).toMatchObject({ code: 'token_request_failed', status, retryable: true })
    expect(server.tokenRequests).toHaveLength(3)
    expect(clock.pauses).toEqual([100, 200])
  })

  test('after a connection that failed before the answer, and succeeds', async () => {
    const { server, a } = await startHasty()
    server.nextAnswers.push((response) => response.destroy())
    const token = await a.acquireToken({ assertion: server.userToken(), scopes: [] })
    expect(token.subject).toBe('ann@example.com')
    expect(server.tokenRequests).toHaveLength(2)
  })

  test.each([
    ['seconds', '2', 2000],
    ['a date', 'Sun, 01 Nov 2026 00:00:07 GMT', 7000],
  ])('after 429 with Retry-After in %s', async (_, value, pause) => {
    const { server, clock, a } = await startHasty()
    server.nextAnswers.push({ status: 429, body: {}, headers: { 'retry-after': value } })
    await a.acquireToken({ assertion: server.userToken(), scopes: [] })
    expect(server.tokenRequests).toHaveLength(2)
    expect(clock.pauses).toEqual([pause])
  })
})

describe('no other attempt is made', () => {
  test.each([
    ['429 without Retry-After', 429, {}],
    ['429 with Retry-After that nobody understands', 429, { 'retry-after': 'soon' }],
    ['429 with Retry-After beyond the deadline', 429, { 'retry-after': '10' }],
    ['503 with Retry-After beyond the deadline', 503, { 'retry-after': '3600' }],
  ])('after %s, and the error says that later is fine', async (_, status, headers) => {
    const { server, clock, a } = await startHasty()
    server.nextAnswers.push({ status, body: {}, headers })
    const error = await refusal(a.acquireToken({ assertion: server.userToken(), scopes: [] }))
    expect(error).toMatchObject({ code: 'token_request_failed', status, retryable: true })
    expect(server.tokenRequests).toHaveLength(1)
    expect(clock.pauses).toEqual([])
  })

  test.each([400, 401, 403, 404])('after %i', async (status) => {
    const { server, a } = await startHasty()
    server.nextAnswers.push({ status, body: { error: 'invalid_client' } })
    const error = await refusal(a.acquireToken({ assertion: server.userToken(), scopes: [] }))
    expect(error).toMatchObject({ code: 'token_request_failed', status, retryable: false })
    expect(server.tokenRequests).toHaveLength(1)
  })

  test('after 404, and the error says where to look', async () => {
    const { server, a } = await startHasty()
    server.nextAnswers.push({ status: 404, body: { errorCode: 'E0000007' } })
    const error = await refusal(a.acquireToken({ assertion: server.userToken(), scopes: [] }))
    expect(error).toMatchObject({
      detail: 'it answered 404 E0000007; is the issuer one of this org?',
      oktaError: 'E0000007',
      retryable: false,
    })
  })

  test('after an answer that broke off: a token may have been issued and counted', async () => {
    const { server, a } = await startHasty()
    server.nextAnswers.push((response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{', () => response.destroy())
    })
    const error = await refusal(a.acquireToken({ assertion: server.userToken(), scopes: [] }))
    expect(error).toMatchObject({ detail: 'its answer broke off', retryable: true })
    expect(server.tokenRequests).toHaveLength(1)
  })
})

test('a server that hangs is given up at the deadline, and the request with it', async () => {
  const { server, client, clock } = await startFixture()
  let closed: Promise<unknown> | undefined
  server.nextAnswers.push((response) => {
    closed = new Promise((resolve) => response.on('close', resolve))
    clock.advance(10_000)
  })
  const error = await refusal(client().acquireToken({ assertion: server.userToken(), scopes: [] }))
  expect(error).toMatchObject({ code: 'token_request_failed', retryable: true })
  expect(error.detail).toBe('it gave no answer within 10000 ms')
  await closed
  expect(clock.pending).toBe(0)
})

test('the deadline is for all attempts together', async () => {
  const { server, client, clock } = await startFixture()
  const a = client({ timeoutMs: 500 })
  server.nextAnswers.push(
    (response) => {
      clock.advance(300)
      response.writeHead(429, { 'retry-after': '0' }).end()
    },
    () => clock.advance(200),
  )
  const call = refusal(a.acquireToken({ assertion: server.userToken(), scopes: [] }))
  const passPauses = setInterval(() => clock.advance(0), 1)
  expect((await call).detail).toBe('it gave no answer within 500 ms')
  clearInterval(passPauses)
  expect(server.tokenRequests).toHaveLength(2)
})

test('a fetch that ignores its signal cannot outlast the deadline', async () => {
  const { server, client, clock } = await startFixture()
  const a = client({
    tokenEndpoint: `${server.issuer}/v1/token`,
    fetch: () => {
      queueMicrotask(() => clock.advance(10_000))
      return new Promise(() => undefined)
    },
  })
  const error = await refusal(a.acquireToken({ assertion: server.userToken(), scopes: [] }))
  expect(error.detail).toBe('it gave no answer within 10000 ms')
})

test.each([
  [null, undefined],
  ['', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['99999999999999', undefined],
  ['2026-11-01', undefined],
  ['0', 0],
  ['120', 120_000],
  ['Sat, 31 Oct 2026 23:59:59 GMT', 0],
  ['Sun, 01 Nov 2026 00:01:00 GMT', 60_000],
  ['Sun, 99 Nov 2026 00:01:00 GMT', undefined],
])('Retry-After %j', (value, expected) => {
  expect(readRetryAfter(value, Date.UTC(2026, 10, 1))).toBe(expected)
})
