import type { LooseObject } from '@behalf/testing'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { assertNoLeak, refusal, startFixture } from './support/fixture.ts'

describe('the token request', () => {
  test('is a client_credentials request with the assertion in the query alone', async () => {
    const { server, client } = await startFixture()
    const assertion = server.userToken()

    await client().acquireToken({ assertion, scopes: ['orders:read', 'orders:write', 'orders:read'] })

    expect(server.tokenRequests).toHaveLength(1)
    const [request] = server.tokenRequests
    expect(request?.path).toBe('POST /oauth2/default/v1/token')
    expect([...(request?.query ?? [])]).toEqual([['assertion', assertion]])
    expect([...(request?.form ?? [])]).toEqual([
      ['scope', 'orders:read orders:write'],
      ['grant_type', 'client_credentials'],
    ])
  })

  test('names no scope when none is asked for', async () => {
    const { server, client } = await startFixture()
    await client().acquireToken({ assertion: server.userToken(), scopes: [] })
    expect(server.tokenRequests[0]?.form.has('scope')).toBe(false)
  })

  test.each([[['a b']], [['ü']], [['']], [['a"']]])('is not made for the scopes %j', async (scopes) => {
    const { server, client } = await startFixture()
    const call = client().acquireToken({ assertion: server.userToken(), scopes })
    await expect(call).rejects.toThrow(TypeError)
    expect(server.tokenRequests).toHaveLength(0)
  })

  test('warns once when its first line is longer than 8 KB, and is made all the same', async () => {
    const { server, client } = await startFixture()
    const warnings: string[] = []
    const a = client({ onWarning: ({ code, message }) => warnings.push(`${code} ${message}`) })
    const long = { groups: 'g'.repeat(7000) }

    await a.acquireToken({ assertion: server.userToken({ ...long, jti: '1' }), scopes: [] })
    await a.acquireToken({ assertion: server.userToken({ ...long, jti: '2' }), scopes: [] })

    expect(server.tokenRequests).toHaveLength(2)
    expect(warnings).toEqual([expect.stringMatching(/^request_line_too_long .*\d{4} bytes/)])
    assertNoLeak(warnings)
  })

  test('is not harmed by a receiver of warnings that throws, and the warning is not lost', async () => {
    const emitted = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    onTestFinished(() => emitted.mockRestore())
    const { server, client } = await startFixture()
    const a = client({
      onWarning: () => {
        throw new Error('the log is full')
      },
    })
    const token = await a.acquireToken({
      assertion: server.userToken({ groups: 'g'.repeat(7000) }),
      scopes: [],
    })
    expect(token.subject).toBe('ann@example.com')
    expect(emitted).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/bytes/), {
      type: 'BehalfWarning',
      code: 'request_line_too_long',
    })
  })
})

describe('the token', () => {
  test('says for whom, by whom, for what and until when', async () => {
    const { server, client, clock } = await startFixture()
    const act = { sub: '0oaEarlier', sub_profile: 'service' }
    const assertion = server.userToken({ act })

    const token = await client().acquireToken({ assertion, scopes: ['orders:read'] })

    expect(token.accessToken.split('.')).toHaveLength(3)
    expect(token.tokenType).toBe('Bearer')
    expect(token.subject).toBe('ann@example.com')
    expect(token.actors.map(({ sub }) => sub)).toEqual(['0oaApiA', '0oaEarlier'])
    expect(token.scopes).toEqual(['orders:read'])
    expect(token.expiresAt).toBe(clock.seconds + 300)
  })

  test('ends with the assertion when that ends first', async () => {
    const { server, client, clock } = await startFixture()
    const assertion = server.userToken({ exp: clock.seconds + 120 })
    const token = await client().acquireToken({ assertion, scopes: [] })
    expect(token.expiresAt).toBe(clock.seconds + 120)
  })

  test('ends when the answer says so, if that is earlier than the token says', async () => {
    const { server, client, clock } = await startFixture()
    const assertion = server.userToken()
    const accessToken = server.delegate(assertion, '0oaApiA', [], { exp: clock.seconds + 3000 })
    server.nextAnswers.push({
      status: 200,
      body: { access_token: accessToken, token_type: 'bearer', expires_in: 100 },
    })
    const token = await client().acquireToken({ assertion, scopes: [] })
    expect(token.expiresAt).toBe(clock.seconds + 100)
  })

  test('is never printed', async () => {
    const { server, client } = await startFixture()
    const token = await client().acquireToken({ assertion: server.userToken(), scopes: ['orders:read'] })
    assertNoLeak(token, token.accessToken, 'ann@example.com')
    assertNoLeak({ nested: [token] })
    assertNoLeak({ ...token })
    assertNoLeak(new Error(`${token}`))
    expect(JSON.parse(JSON.stringify(token))).toEqual({
      accessToken: '[redacted]',
      expiresAt: token.expiresAt,
      scopes: ['orders:read'],
    })
  })
})

test('a token whose subject was kept is accepted by a client that was told so, and only such a token', async () => {
  const { server, client } = await startFixture()
  const request = { assertion: server.userToken(), scopes: ['orders:read'] }
  server.claims = { sub: '0oaApiA' }
  const token = await client({ subject: 'keep' }).acquireToken(request)
  expect(token.subject).toBe('ann@example.com')

  server.claims = {}
  expect((await refusal(client({ subject: 'keep' }).acquireToken(request))).code).toBe('subject_mismatch')
})

test('the subject that a first hop may have mapped is left to API B, and stays as it is from then on', async () => {
  const { server, client, clock } = await startFixture()
  const a = client()
  server.claims = { sub: 'partner|ann' }
  const first = await a.acquireToken({ assertion: server.userToken(), scopes: [] })
  expect(first.subject).toBe('partner|ann')

  const conserved = { iss: 'https://users.example', sub: 'ann', jti: 'AT.1', exp: clock.seconds + 900 }
  const act = { sub: '0oaWeb', sub_profile: 'service' }
  const delegated = server.userToken({ sub: 'partner|ann', act, assertion: conserved })
  server.claims = { sub: 'partner|ann', assertion: conserved }
  expect((await a.acquireToken({ assertion: delegated, scopes: [] })).subject).toBe('partner|ann')
  const answers: readonly [string, LooseObject][] = [
    ['subject_mismatch', { sub: 'ann', assertion: conserved }],
    ['subject_mismatch', { sub: 'partner|ann', assertion: { ...conserved, sub: 'eve' } }],
    ['token_invalid', { sub: 'partner|ann', assertion: { ...conserved, iss: server.issuer } }],
    ['token_invalid', { sub: 'partner|ann', assertion: { ...conserved, jti: 'AT.2' } }],
    ['token_invalid', { sub: 'partner|ann', assertion: { ...conserved, exp: conserved.exp + 1 } }],
  ]
  for (const [code, claims] of answers) {
    server.claims = claims
    const call = a.acquireToken({ assertion: delegated, scopes: [], skipCache: true })
    expect((await refusal(call)).code).toBe(code)
  }
})

describe('a token that does not act for this user through this client is refused', () => {
  const other = { iss: 'https://users.example', sub: 'ann@example.com', jti: 'AT.user-token' }
  test.each([
    ['a plain machine token', 'token_undelegated', { act: undefined, assertion: undefined, sub: '0oaApiA' }],
    ['a token without an actor', 'token_undelegated', { act: undefined }],
    ['a token whose subject is the client', 'token_undelegated', { sub: '0oaApiA' }],
    ['a token for another client', 'actor_mismatch', { cid: '0oaApiC', act: { sub: '0oaApiC' } }],
    ['a token whose actor is not its client', 'actor_mismatch', { act: { sub: '0oaApiC' } }],
    [
      'a token for another user',
      'subject_mismatch',
      { sub: 'eve@example.com', assertion: { ...other, sub: 'eve@example.com', exp: 4102444800 } },
    ],
    ['a token from a longer assertion', 'token_invalid', { assertion: { ...other, exp: 4102444800 } }],
    [
      'a token from another issuer’s assertion',
      'token_invalid',
      { assertion: { ...other, iss: 'https://b.example', exp: 1793494000 } },
    ],
    [
      'a token from another assertion of the same user',
      'token_invalid',
      { assertion: { ...other, jti: 'AT.2', exp: 1793494000 } },
    ],
    ['a token of another issuer', 'token_invalid', { iss: 'https://example.okta.com/oauth2/other' }],
    ['a token that has ended', 'token_expired', { exp: 1 }],
  ])('%s', async (_, code, claims) => {
    const { server, client } = await startFixture()
    server.claims = claims
    const a = client()
    const request = { assertion: server.userToken(), scopes: ['orders:read'] }

    const error = await refusal(a.acquireToken(request), '@example.com')

    expect(error.code).toBe(code)
    expect(error.refusedBy).toBe('client')
    expect(error.retryable).toBe(false)
    server.claims = {}
    await a.acquireToken(request)
    expect(server.tokenRequests).toHaveLength(2)
  })

  test('an encrypted token', async () => {
    const { server, client } = await startFixture()
    server.nextAnswers.push({ status: 200, body: { access_token: 'a.b.c.d.e', token_type: 'Bearer' } })
    const error = await refusal(client().acquireToken({ assertion: server.userToken(), scopes: [] }))
    expect(error.message).toBe(
      'token_invalid: The access token is not valid here. (it has the five parts of a JWE)',
    )
  })

  test('a DPoP token that nobody asked for', async () => {
    const { server, client } = await startFixture()
    const assertion = server.userToken()
    const accessToken = server.delegate(assertion, '0oaApiA', [])
    server.nextAnswers.push({ status: 200, body: { access_token: accessToken, token_type: 'DPoP' } })
    const error = await refusal(client().acquireToken({ assertion, scopes: [] }))
    expect(error.code).toBe('token_invalid')
  })
})

test.each([0, -100])(
  'a token that the server says has ended (expires_in: %d) is never handed out',
  async (expiresIn) => {
    const { server, client } = await startFixture()
    const assertion = server.userToken()
    server.nextAnswers.push((response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const issued = server.delegate(assertion, '0oaApiA', [], server.claims)
      response.end(JSON.stringify({ access_token: issued, token_type: 'Bearer', expires_in: expiresIn }))
    })
    expect((await refusal(client().acquireToken({ assertion, scopes: [] }))).code).toBe('token_expired')
  },
)
