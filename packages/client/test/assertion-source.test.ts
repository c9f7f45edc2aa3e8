import { expect, test } from 'vitest'
import { refusal, startFixture } from './support/fixture.ts'

const denial = (code: string) => ({
  status: 400,
  body: { error: 'server_error', error_description: `${code}: No.` },
})

/** A source that gives one after the other, and the last one for ever. */
function giving(...assertions: readonly string[]) {
  let asked = 0
  const source = async (): Promise<string> => assertions[Math.min(asked++, assertions.length - 1)] ?? ''
  return { source, asked: () => asked }
}

test('a function is asked for each call', async () => {
  const { server, client } = await startFixture()
  const a = client()
  const { source, asked } = giving(server.userToken())
  await a.acquireToken({ assertion: source, scopes: [] })
  await a.acquireToken({ assertion: source, scopes: [] })
  expect(asked()).toBe(2)
  expect(server.tokenRequests).toHaveLength(1)
})

test('once more when what it gave has expired', async () => {
  const { server, client, clock } = await startFixture()
  const { source, asked } = giving(server.userToken({ exp: clock.seconds }), server.userToken())
  expect((await client().acquireToken({ assertion: source, scopes: [] })).subject).toBe('ann@example.com')
  expect(asked()).toBe(2)
})

test.each(['assertion_expired', 'assertion_expires_soon'])(
  'once more when the hook says %s',
  async (code) => {
    const { server, client } = await startFixture()
    const { source, asked } = giving(server.userToken({ jti: '1' }), server.userToken({ jti: '2' }))
    server.nextAnswers.push(denial(code))
    expect((await client().acquireToken({ assertion: source, scopes: [] })).subject).toBe('ann@example.com')
    expect(asked()).toBe(2)
    expect(server.tokenRequests).toHaveLength(2)
  },
)

test('not a third time, not when it gives the same, and not for another reason', async () => {
  const { server, client } = await startFixture()
  const [one, two] = [server.userToken({ jti: '1' }), server.userToken({ jti: '2' })]
  const twice = giving(one, two)
  server.nextAnswers.push(denial('assertion_expired'), denial('assertion_expired'))
  const call = (source: () => Promise<string>) =>
    refusal(client().acquireToken({ assertion: source, scopes: [] }))
  expect((await call(twice.source)).code).toBe('assertion_expired')
  expect(twice.asked()).toBe(2)

  server.nextAnswers.push(denial('assertion_expired'))
  await call(giving(one).source)
  expect(server.tokenRequests).toHaveLength(3)

  const denied = giving(one, two)
  server.nextAnswers.push(denial('policy_denied'))
  expect((await call(denied.source)).code).toBe('policy_denied')
  expect(denied.asked()).toBe(1)
})

test('what it throws is thrown, and a caller that gives up does not wait for it', async () => {
  const { client } = await startFixture()
  const fault = new Error('the session is gone')
  const failing = (): string => {
    throw fault
  }
  await expect(client().acquireToken({ assertion: failing, scopes: [] })).rejects.toBe(fault)
  const never = (): Promise<string> => new Promise(() => undefined)
  const signal = AbortSignal.abort(new Error('gone'))
  await expect(client().acquireToken({ assertion: never, scopes: [], signal })).rejects.toThrow('gone')
})

test('client.fetch asks it once more, too, also when API B refuses the token at its end', async () => {
  const { server, client } = await startFixture()
  const { source } = giving(server.userToken({ jti: '1' }), server.userToken({ jti: '2' }))
  const used: (string | null)[] = []
  const a = client({
    allowedOrigins: ['https://b.example'],
    fetch: (url, init) => {
      if (!url.startsWith('https://b.example')) return fetch(url, init)
      used.push(new Headers(init.headers).get('authorization'))
      return Promise.resolve(new Response(null, { status: used.length === 1 ? 401 : 200 }))
    },
  })
  const callB = a.fetch(source, { scopes: ['orders:read'] })
  server.nextAnswers.push((response, request) => {
    server.nextAnswers.push(denial('assertion_expired'))
    const issued = server.delegate(request.query.get('assertion') ?? '', '0oaApiA', ['orders:read'])
    response.end(JSON.stringify({ access_token: issued, token_type: 'Bearer', expires_in: 300 }))
  })
  expect((await callB('https://b.example/orders')).status).toBe(200)
  expect(server.tokenRequests).toHaveLength(3)
  expect(new Set(used).size).toBe(2)
})
