import { describe, expect, test } from 'vitest'
import { readRest } from '../src/token-endpoint/rest.ts'
import { type Fixture, refusal, startFixture } from './support/fixture.ts'

const limited = (headers: Readonly<Record<string, string>>) => ({
  status: 429,
  body: { errorCode: 'E0000047', errorSummary: 'API call exceeded rate limit' },
  headers,
})

/** 300 users' calls, one after the other. */
async function callOften({ server, client }: Fixture) {
  const a = client()
  const errors = []
  for (let user = 0; user < 300; user++) {
    const assertion = server.userToken({ jti: `AT.${user}` })
    errors.push(await refusal(a.acquireToken({ assertion, scopes: [] })))
  }
  return { a, errors }
}

describe('300 calls make one request while the token endpoint asks to be left alone', () => {
  test.each<[string, (fixture: Fixture) => Readonly<Record<string, string>>]>([
    ['by Retry-After', () => ({ 'retry-after': '30' })],
    ['by x-rate-limit-reset', ({ clock }) => ({ 'x-rate-limit-reset': String(clock.seconds + 30) })],
    [
      'by x-rate-limit-reset, with a clock that is five minutes ahead of this one',
      ({ clock }) => ({
        date: new Date(clock.now() + 300_000).toUTCString(),
        'x-rate-limit-reset': String(clock.seconds + 330),
      }),
    ],
  ])('%s, and each is told until when', async (_, headers) => {
    const fixture = await startFixture()
    const { server, clock } = fixture
    server.nextAnswers.push(limited(headers(fixture)))
    const { a, errors } = await callOften(fixture)
    expect(server.tokenRequests).toHaveLength(1)
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'token_request_failed', status: 429, retryable: true })
      expect(error.retryAfterSeconds).toBe(30)
    }
    expect(errors[0]).toMatchObject({ oktaError: 'E0000047' })
    expect(errors[0]?.detail).toBe(
      'it answered 429 E0000047; a rate limit of the org or the client is used up',
    )
    expect(errors[299]?.detail).toBe('it answered 429 lately and is left alone for another 30 s')

    clock.advance(15_000)
    const last = await refusalOf(fixture, a)
    expect(last.retryAfterSeconds).toBe(15)
    clock.advance(15_000)
    await a.acquireToken({ assertion: server.userToken(), scopes: [] })
    expect(server.tokenRequests).toHaveLength(2)
  })

  test('also when it does not say for how long: a second', async () => {
    const fixture = await startFixture()
    const { server, clock } = fixture
    server.nextAnswers.push(limited({}))
    const { a } = await callOften(fixture)
    expect(server.tokenRequests).toHaveLength(1)
    clock.advance(1_000)
    await a.acquireToken({ assertion: server.userToken(), scopes: [] })
    expect(server.tokenRequests).toHaveLength(2)
  })

  test('with a 503, too, and a clock that is set back does not prolong it', async () => {
    const fixture = await startFixture()
    const { server, clock } = fixture
    server.nextAnswers.push({ status: 503, body: {}, headers: { 'retry-after': '60' } })
    const { a } = await callOften(fixture)
    expect(server.tokenRequests).toHaveLength(1)
    clock.advance(-61_000)
    await a.acquireToken({ assertion: server.userToken(), scopes: [] })
    expect(server.tokenRequests).toHaveLength(2)
  })
})

test('a token in the cache is served all the same', async () => {
  const { server, client, clock } = await startFixture()
  const a = client()
  const request = { assertion: server.userToken(), scopes: [] }
  const token = await a.acquireToken(request)
  server.nextAnswers.push(limited({ 'x-rate-limit-reset': String(clock.seconds + 30) }))
  await refusal(a.acquireToken({ assertion: server.userToken({ jti: 'AT.2' }), scopes: [] }))
  expect(await a.acquireToken(request)).toBe(token)
})

const nowMs = Date.UTC(2026, 10, 1)
test.each<[string, number, Readonly<Record<string, string>>, number | undefined]>([
  ['nothing', 429, {}, undefined],
  ['a reset that is over', 429, { 'x-rate-limit-reset': String(nowMs / 1000 - 5) }, 1_000],
  ['a reset that is none', 429, { 'x-rate-limit-reset': '-5' }, undefined],
  ['a reset that is no news', 200, { 'x-rate-limit-reset': String(nowMs / 1000 + 5) }, undefined],
  ['both', 429, { 'retry-after': '7', 'x-rate-limit-reset': String(nowMs / 1000 + 5) }, 7_000],
  ['a date that is nobody’s clock', 503, { date: new Date(0).toUTCString(), 'retry-after': '7' }, 7_000],
  ['an age', 503, { 'retry-after': '999999999' }, 3_600_000],
])('%s', (_, status, headers, expected) => {
  expect(readRest(new Response(null, { status, headers }), nowMs)).toBe(expected)
})

async function refusalOf({ server }: Fixture, a: ReturnType<Fixture['client']>) {
  return refusal(a.acquireToken({ assertion: server.userToken({ jti: 'AT.last' }), scopes: [] }))
}
