import type { CallerRefusedError } from '@behalf/client/express'
import type { ErrorReply } from '@behalf/client/fastify'
import { forHono } from '@behalf/client/hono'
import { type BehalfError, errorTable } from '@behalf/core'
import { listen } from '@behalf/testing'
import fastify from 'fastify'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { describe, expect, expectTypeOf, onTestFinished, test, vi } from 'vitest'
import { assertNoLeak, startFixture } from './support/fixture.ts'
import { frameworks, serveApp } from './support/frameworks.ts'

type OnError = (error: BehalfError | CallerRefusedError, status: number) => void

// How callers are verified has tests of its own.
const unverified = { dangerouslyUnverifiedCaller: true } as const

describe.each(Object.entries(frameworks))('%s', (_, createApp) => {
  async function start(onError?: OnError) {
    const fixture = await startFixture()
    const received: (string | undefined)[] = []
    const b = await listen((request, response) => {
      received.push(request.headers.authorization)
      response.writeHead(200, { 'content-type': 'application/json' }).end('["order 1"]')
    })
    onTestFinished(() => b.close())
    const client = fixture.client({ allowedOrigins: [b.origin], expectedAudience: 'api://a' })
    const options = { ...unverified, ...(onError === undefined ? {} : { onError }) }
    const call = await serveApp(await createApp({ client, b: b.origin, options }))
    return { ...fixture, call, received }
  }

  test('calls API B on behalf of its caller', async () => {
    const { server, call, received } = await start()
    const assertion = server.userToken()
    const response = await call('/orders', `Bearer ${assertion}`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual(['order 1'])
    expect(server.tokenRequests[0]?.query.get('assertion')).toBe(assertion)
    expect(server.tokenRequests[0]?.form.get('scope')).toBe('orders:read')
    expect(received).toEqual([expect.stringMatching(/^Bearer eyJ/)])
    expect(received).not.toContain(`Bearer ${assertion}`)
  })

  test('hands out the token for other means than fetch', async () => {
    const { server, call } = await start()
    const response = await call('/subject', `bearer ${server.userToken()}`)
    expect(await response.json()).toEqual({ subject: 'ann@example.com' })
  })

  test.each<[string, string | undefined, string]>([
    ['no token', undefined, 'Bearer'],
    ['another scheme', 'Basic eDp5', 'Bearer'],
    ['a scheme that only begins like Bearer', 'BearerX eyJ', 'Bearer'],
    ['no token after the scheme', 'Bearer', 'Bearer'],
    ['white space in the token', 'Bearer a b', 'Bearer error="invalid_token"'],
    ['two tokens', 'Bearer a, Bearer b', 'Bearer error="invalid_token"'],
    ['no JWT', 'Bearer opaque', 'Bearer error="invalid_token"'],
  ])('401 for a caller with %s', async (_name, authorization, challenge) => {
    const { server, call } = await start()
    const response = await call('/orders', authorization)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(challenge)
    expect(server.tokenRequests).toHaveLength(0)
  })

  test.each<[string, object]>([
    ['has expired', { exp: 1 }],
    ['was meant for another API', { aud: 'api://b' }],
    ['belongs to no user', { sub: '0oaApiA' }],
  ])('401 for a caller whose token %s', async (_name, claims) => {
    const { server, call } = await start()
    const response = await call('/orders', `Bearer ${server.userToken({ ...claims })}`)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    expect(await response.json()).toEqual({ error: 'invalid_token' })
  })

  test.each<[string, number, string, string | null]>([
    ['assertion_expired', 401, 'invalid_token', 'Bearer error="invalid_token"'],
    ['assertion_signature_invalid', 401, 'invalid_token', 'Bearer error="invalid_token"'],
    ['policy_denied', 403, 'insufficient_scope', 'Bearer error="insufficient_scope"'],
    ['client_not_permitted', 403, 'insufficient_scope', 'Bearer error="insufficient_scope"'],
    ['actor_not_permitted', 403, 'insufficient_scope', 'Bearer error="insufficient_scope"'],
    ['actor_chain_too_deep', 403, 'insufficient_scope', 'Bearer error="insufficient_scope"'],
    ['scope_not_permitted', 403, 'insufficient_scope', 'Bearer error="insufficient_scope"'],
    ['policy_unavailable', 503, 'temporarily_unavailable', null],
    ['keys_unavailable', 503, 'temporarily_unavailable', null],
    ['deadline_exceeded', 503, 'temporarily_unavailable', null],
    ['claims_too_large', 502, 'server_error', null],
    ['caller_unauthenticated', 502, 'server_error', null],
    ['patch_inapplicable', 502, 'server_error', null],
  ])('a denial %s becomes %i', async (code, status, error, challenge) => {
    const onError = vi.fn<OnError>()
    const { server, call } = await start(onError)
    server.nextAnswers.push({
      status: 400,
      body: { error: 'server_error', error_description: `${code}: Said by the hook.` },
    })
    const response = await call('/orders', `Bearer ${server.userToken()}`)
    const body = await response.text()
    expect(response.status).toBe(status)
    expect(JSON.parse(body)).toEqual({ error })
    expect(response.headers.get('www-authenticate')).toBe(challenge)
    expect(body).not.toContain(code)
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code }), status)
  })

  test.each<[string, number, string, string]>([
    [
      '(acr_values=urn:okta:loa:2fa:any phr; max_age=900; scope=pay) Sign in again.',
      401,
      'insufficient_user_authentication',
      'Bearer error="insufficient_user_authentication", acr_values="urn:okta:loa:2fa:any phr", max_age="900", scope="pay"',
    ],
    [
      '(max_age=60) Sign in again.',
      401,
      'insufficient_user_authentication',
      'Bearer error="insufficient_user_authentication", max_age="60"',
    ],
    [
      '(scope=pay refund) Ask for more.',
      403,
      'insufficient_scope',
      'Bearer error="insufficient_scope", scope="pay refund"',
    ],
    ['(acr_values=a", error="x) No.', 403, 'insufficient_scope', 'Bearer error="insufficient_scope"'],
    ['(acr_values=a\r\nx: y) No.', 403, 'insufficient_scope', 'Bearer error="insufficient_scope"'],
    ['Sign in again. (max_age=60)', 403, 'insufficient_scope', 'Bearer error="insufficient_scope"'],
  ])('a denial step_up_required with %j becomes %i', async (told, status, error, challenge) => {
    const onError = vi.fn<OnError>()
    const { server, call } = await start(onError)
    server.nextAnswers.push({
      status: 400,
      body: { error: 'server_error', error_description: `step_up_required: ${told}` },
    })
    const response = await call('/orders', `Bearer ${server.userToken()}`)
    expect(response.status).toBe(status)
    expect(response.headers.get('www-authenticate')).toBe(challenge)
    expect(await response.json()).toEqual({ error })
    expect(onError.mock.calls).toEqual([[expect.objectContaining({ code: 'step_up_required' }), status]])
  })

  test('a plain token instead of a delegated one becomes 502, and API B is not called', async () => {
    const onError = vi.fn<OnError>()
    const { server, call, received } = await start(onError)
    server.claims = { act: undefined, assertion: undefined, sub: '0oaApiA' }
    const response = await call('/orders', `Bearer ${server.userToken()}`)
    expect(response.status).toBe(502)
    expect(await response.json()).toEqual({ error: 'server_error' })
    expect(received).toEqual([])
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'token_undelegated' })
  })

  test('wrong credentials of API A become 502, a busy server 503, a foreign origin 500', async () => {
    const onError = vi.fn<OnError>()
    const { server, call } = await start(onError)
    const authorization = `Bearer ${server.userToken()}`
    server.nextAnswers.push(
      { status: 401, body: { error: 'invalid_client' } },
      { status: 429, body: { error: 'too_many_requests' } },
    )
    expect((await call('/orders', authorization)).status).toBe(502)
    expect((await call('/orders', authorization)).status).toBe(503)
    expect((await call('/elsewhere', authorization)).status).toBe(500)
    expect(onError).toHaveBeenCalledTimes(3)
  })

  test('faults of its own are warned of when nobody listens, those that nobody else has a record of are not', async () => {
    const emitted = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    onTestFinished(() => emitted.mockRestore())
    const { server, call } = await start()
    const authorization = `Bearer ${server.userToken()}`
    server.nextAnswers.push(
      { status: 400, body: { error: 'server_error', error_description: 'policy_denied: No.' } },
      { status: 401, body: { error: 'invalid_client' } },
    )
    await call('/orders', authorization)
    await call('/orders', authorization)
    expect(emitted.mock.calls).toEqual([
      [
        `API A's caller was answered 502: token_request_failed: ${errorTable.token_request_failed.sentence} (it answered 401 invalid_client; it knows no such client, or other credentials: check clientId and auth)`,
        { type: 'BehalfWarning', code: 'caller_answered' },
      ],
    ])
    assertNoLeak(emitted.mock.calls)
  })

  test.each(['/broken', '/refused'])(
    'errors of another kind are left to the application: %s',
    async (path) => {
      const onError = vi.fn<OnError>()
      const { call } = await start(onError)
      expect((await call(path, 'Bearer x')).status).toBe(599)
      expect(onError).not.toHaveBeenCalled()
    },
  )
})

describe("Hono's only error handler", () => {
  async function answerTo(error: Error): Promise<Response> {
    const { client } = await startFixture()
    const app = new Hono().get('/', () => {
      throw error
    })
    app.onError(forHono(client(), unverified).errorHandler)
    return app.request('/')
  }

  test('lets errors that know their answer give it', async () => {
    const res = new Response('no', { status: 403, headers: { 'www-authenticate': 'Basic realm="x"' } })
    const answer = await answerTo(new HTTPException(403, { res }))
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([403, 'Basic realm="x"'])
    expect(await answer.text()).toBe('no')
  })

  test('logs all others, and says nothing of them', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    onTestFinished(() => logged.mockRestore())
    const fault = new Error('another fault')
    const answer = await answerTo(fault)
    expect([answer.status, await answer.text()]).toEqual([500, 'Internal Server Error'])
    expect(logged.mock.calls).toEqual([[fault]])
  })
})

test('the adapter of Fastify fits HTTP/2, too', () => {
  const app = fastify({ http2: true })
  expectTypeOf<Parameters<typeof app.setErrorHandler>[0]>().parameter(2).toExtend<ErrorReply>()
})
