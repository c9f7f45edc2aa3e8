import { forMcp, type McpOptions, ToolError } from '@behalf/client/mcp'
import { errorTable } from '@behalf/core'
import { listen } from '@behalf/testing'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startFixture } from './support/fixture.ts'

const resourceMetadata = 'https://mcp.example/.well-known/oauth-protected-resource/mcp'
const tools = { list_orders: ['orders:read'], place_order: { scopes: ['orders:write'] } }
const call = (name: unknown, id = 1) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } })

/** An API B that says how it was called. */
async function apiB() {
  const server = await listen((request, response) => response.end(request.headers.authorization))
  onTestFinished(() => server.close())
  return server
}

async function start(options: McpOptions = { tools, resourceMetadata }) {
  const fixture = await startFixture()
  const { origin: b } = await apiB()
  const client = fixture.client({ allowedOrigins: [b] })
  const onError = vi.fn<NonNullable<McpOptions['onError']>>()
  const deny = (error_description: string, times = 1): void => {
    for (let time = 0; time < times; time++)
      fixture.server.nextAnswers.push({ status: 400, body: { error: 'server_error', error_description } })
  }
  return { ...fixture, ...forMcp(client, { onError, ...options }), a: client, b, onError, deny }
}

const thrownBy = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable('nothing was refused'),
    (error: unknown) => error,
  )

describe('in a tool', () => {
  test.each([
    ['second', (token: string) => ({ http: { authInfo: { token } } })],
    ['first', (token: string) => ({ authInfo: { token } })],
  ])('acts for the user of a request, as the %s generation hands it over', async (_, context) => {
    const { server, onBehalfOf, onError } = await start()
    const token = server.userToken()
    const { subject } = await onBehalfOf(context(token), tools.list_orders).acquireToken()
    expect(subject).toBe('ann@example.com')
    expect(server.tokenRequests[0]?.query.get('assertion')).toBe(token)
    expect(onError).not.toHaveBeenCalled()
  })

  test('names the resource and calls API B', async () => {
    const { server, onBehalfOf, b } = await start()
    const context = { http: { authInfo: { token: server.userToken() } } }
    const wish = { scopes: ['orders:read'], resource: 'api://b' }
    const answer = await onBehalfOf(context, wish).fetch(`${b}/orders`)
    const called = await answer.text()
    expect(called).toMatch(/^Bearer eyJ/)
    expect(called).not.toContain(context.http.authInfo.token)
    expect(server.tokenRequests[0]?.query.get('assertion_resource')).toBe('api://b')
  })

  test.each([
    ['over stdio', {}],
    ['over HTTP without a verifier', { http: {} }],
  ])('acts for nobody %s', async (_, context) => {
    const { server, onBehalfOf } = await start()
    const error = await thrownBy(onBehalfOf(context, ['orders:read']).acquireToken())
    expect(error).toMatchObject({ name: 'ToolError', cause: { code: 'token_missing' } })
    expect(server.tokenRequests).toHaveLength(0)
  })

  test('says of a denial the public sentence and nothing else', async () => {
    const { server, onBehalfOf, onError, deny, b } = await start()
    deny('policy_denied: (0oaSecretPolicy) No payments for ann@example.com.', 2)
    const token = server.userToken()
    const delegation = onBehalfOf({ authInfo: { token } }, ['orders:read'])
    for (const denied of [delegation.acquireToken(), delegation.fetch(`${b}/orders`)]) {
      const error = await thrownBy(denied)
      expect(error).toBeInstanceOf(ToolError)
      expect(error).toMatchObject({
        message: errorTable.policy_denied.sentence,
        cause: { code: 'policy_denied' },
      })
      expect(String(error)).not.toContain(token)
    }
    expect(onError.mock.calls.map(([{ code }, status]) => [code, status])).toEqual([
      ['policy_denied', 403],
      ['policy_denied', 403],
    ])
  })

  test('acts for whoever each context names, however they are mixed, and for nobody once a token is over', async () => {
    const { server, clock, onBehalfOf, b } = await start()
    const contexts = ['ann@example.com', 'bob@example.com'].map((sub) => ({
      sub,
      context: { http: { authInfo: { token: server.userToken({ sub }) } } },
    }))
    const mixed = Array.from({ length: 20 }, (_, index) => contexts[index % 2])
    const subjects = await Promise.all(
      mixed.map(async (each) =>
        each === undefined
          ? []
          : [each.sub, (await onBehalfOf(each.context, ['orders:read']).acquireToken()).subject],
      ),
    )
    for (const [wanted, got] of subjects) expect(got).toBe(wanted)
    // Kept by a tool beyond the request that it came with.
    const [stale] = contexts
    clock.advance(3_600_000)
    const error = await thrownBy(onBehalfOf(stale?.context ?? {}, ['orders:read']).fetch(`${b}/orders`))
    expect(error).toMatchObject({ name: 'ToolError', cause: { code: 'assertion_expired' } })
  })

  test('sends nobody the token that the server was called with, though a tool hands its headers on', async () => {
    const { server, onBehalfOf, b } = await start()
    const token = server.userToken()
    const { fetch } = onBehalfOf({ authInfo: { token } }, tools.list_orders)
    const handedOn = { headers: { authorization: `Bearer ${token}` } }
    for (const passed of [fetch(`${b}/orders`, handedOn), fetch(new Request(`${b}/orders`, handedOn))]) {
      const error = await thrownBy(passed)
      expect(error).toBeInstanceOf(TypeError)
      expect(String(error)).not.toContain(token.slice(0, 20))
    }
    const elsewhere = await thrownBy(fetch('https://evil.example/orders'))
    expect(elsewhere).toMatchObject({ name: 'ToolError', cause: { code: 'origin_not_allowed' } })
    expect(server.tokenRequests).toHaveLength(0)
  })

  test('leaves faults of others as they are', async () => {
    const { onBehalfOf, onError, server } = await start()
    const context = { authInfo: { token: server.userToken() } }
    const unusable = onBehalfOf(context, ['not a scope']).acquireToken()
    expect(await thrownBy(unusable)).toBeInstanceOf(TypeError)
    expect(onError).not.toHaveBeenCalled()
  })
})

describe('before a tool', () => {
  test.each([
    [
      'a sign-in',
      'step_up_required: (acr_values=phr phrh; max_age=300) Sign in again.',
      401,
      `Bearer error="insufficient_user_authentication", acr_values="phr phrh", max_age="300", scope="mcp", resource_metadata="${resourceMetadata}"`,
    ],
    [
      'scopes',
      'step_up_required: (scope=orders pay) More scopes.',
      403,
      `Bearer error="insufficient_scope", scope="mcp orders pay", resource_metadata="${resourceMetadata}"`,
    ],
    [
      'a token that lasts',
      `assertion_expires_soon: ${errorTable.assertion_expires_soon.sentence}`,
      401,
      `Bearer error="invalid_token", scope="mcp", resource_metadata="${resourceMetadata}"`,
    ],
  ])('challenges for %s', async (_, denial, status, challenge) => {
    const started = await start()
    started.deny(denial)
    const answer = await started.challenge(
      { token: started.server.userToken(), scopes: ['mcp', 'not a "scope'] },
      call('list_orders'),
    )
    expect(answer).toEqual({
      status,
      headers: { 'www-authenticate': challenge },
      body: { error: /error="(\w+)"/.exec(challenge)?.[1] },
    })
    expect(started.onError).toHaveBeenCalledTimes(1)
  })

  test.each([
    ['policy, which no token of the user mends', 'policy_denied: No.'],
    ['a fault of the operator in the assertion', `seal_required: ${errorTable.seal_required.sentence}`],
    ['a step-up that says nothing usable', 'step_up_required: Sign in again.'],
  ])('does not challenge for %s, so that nobody signs in again and again', async (_, denial) => {
    const started = await start()
    started.deny(denial)
    expect(
      await started.challenge({ token: started.server.userToken() }, call('list_orders')),
    ).toBeUndefined()
    expect(started.onError).not.toHaveBeenCalled()
  })

  test('gets the token that the tool then has', async () => {
    const { server, challenge, onBehalfOf } = await start()
    const caller = { token: server.userToken() }
    expect(await challenge(caller, call('place_order'))).toBeUndefined()
    await onBehalfOf({ authInfo: caller }, tools.place_order).acquireToken()
    expect(server.tokenRequests).toHaveLength(1)
  })

  test('looks at every call of a batch, and at each tool once', async () => {
    const started = await start()
    const caller = { token: started.server.userToken() }
    const batch = [...Array.from({ length: 1000 }, (_, id) => call('list_orders', id)), call('place_order')]
    expect(await started.challenge(caller, batch)).toBeUndefined()
    expect(started.server.tokenRequests).toHaveLength(2)
  })

  test.each([
    ['another method', { ...call('list_orders'), method: 'tools/list' }],
    ['a tool that is not listed', call('other')],
    ['a name that every object has', call('constructor')],
    ['a name that is no text', call({})],
    ['nothing', undefined],
    ['a text', 'tools/call'],
    ['parameters that are none', { method: 'tools/call', params: null }],
  ])('asks nobody for %s', async (_, message) => {
    const { server, challenge } = await start()
    expect(await challenge({ token: server.userToken() }, message)).toBeUndefined()
    expect(server.tokenRequests).toHaveLength(0)
  })

  test('asks nobody for a caller whom nobody has verified', async () => {
    const { server, challenge } = await start()
    expect(await challenge(undefined, call('list_orders'))).toBeUndefined()
    expect(server.tokenRequests).toHaveLength(0)
  })
})

test('refuses unusable options, all at once', async () => {
  const { a } = await start()
  const faulty = (): unknown =>
    // @ts-expect-error none of them is what is wanted
    forMcp(a, { tools: { list_orders: 'orders:read' }, onError: 1, verifier: {} })
  expect(faulty).toThrow(
    /tools: expected.*\n.*onError: expected.*\n.*verifier: unknown.*\n.*resourceMetadata: missing/,
  )
})
