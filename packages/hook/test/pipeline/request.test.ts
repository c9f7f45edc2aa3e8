import type { HookEvent } from '@behalf/testing'
import { authenticated, HookBench } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'

const bench = await HookBench.start()
afterAll(() => bench.close())

describe('the body', () => {
  it.each<readonly [path: string, edit: (event: HookEvent) => unknown]>([
    ['eventType is not a string', (event) => Object.assign(event, { eventType: 1 })],
    ['data is not an object', (event) => Object.assign(event, { data: [] })],
    ['data.context is not an object', (event) => Object.assign(event.data, { context: 'x' })],
    [
      'data.context.request is not an object',
      (event) => Object.assign(event.data.context, { request: null }),
    ],
    [
      'data.context.request.url.value is not a string',
      (event) => Object.assign(event.data.context.request.url, { value: 1 }),
    ],
    [
      'data.context.request.method is not a string',
      (event) => Object.assign(event.data.context.request, { method: {} }),
    ],
    [
      'data.context.protocol.client is not an object',
      (event) => Object.assign(event.data.context.protocol, { client: 'x' }),
    ],
    [
      'data.context.protocol.request.grant_type is not a string',
      (event) => {
        event.data.context.protocol.request['grant_type'] = 1
      },
    ],
    ['data.access.claims is not an object', (event) => Object.assign(event.data.access, { claims: [] })],
    [
      'data.access.token.lifetime.expiration is not a number',
      (event) => Object.assign(event.data.access.token.lifetime, { expiration: '3600' }),
    ],
    [
      'data.access.claims.scp is not a list of strings',
      (event) => {
        event.data.access.claims['scp'] = 7
      },
    ],
  ])('names the member at fault: %s', async (detail, edit) => {
    const { outcome, record } = await bench.send(bench.event({}, edit))
    expect(outcome).toBe('request_malformed')
    expect(record).toMatchObject({ step: 'parse', detail })
  })

  it.each([
    ['', 'malformed'],
    ['{', 'malformed'],
    ['{"a":1,"a":2}', 'duplicate_member'],
    ['['.repeat(50), 'too_deep'],
  ])('says why it is no JSON: %j', async (body, fault) => {
    const { outcome, record } = await bench.send({ ...authenticated({}), body })
    expect(outcome).toBe('request_malformed')
    expect(record.detail).toBe(`the body is refused as JSON: ${fault}`)
  })

  it.each<[string, string, readonly string[] | undefined]>([
    ['permit', 'content-type', undefined],
    ['permit', 'content-type', ['application/json']],
    ['permit', 'content-type', [' application/json ; charset = "utf-8" ']],
    ['permit', 'content-type', ['APPLICATION/JSON;charset=UTF-8']],
    ['request_malformed', 'content-type', ['application/json', 'application/json']],
    ['request_malformed', 'content-type', ['application/json; charset=utf-16']],
    ['request_malformed', 'content-type', ['x-application/json']],
    ['request_malformed', 'content-type', ['application/jsonp']],
    ['request_malformed', 'content-type', ['text/plain']],
    ['permit', 'content-encoding', ['Identity']],
    ['request_malformed', 'content-encoding', ['identity', 'gzip']],
  ])('is read as what it is sent as: %s with %s %j', async (code, name, values) => {
    const { headers, body } = authenticated(bench.event())
    const sent = new Map([
      ['authorization', headers.get('authorization') ?? []],
      ...(values === undefined ? [] : [[name, values] as const]),
    ])
    const { record } = await bench.send({ headers: sent, body })
    expect(record.code ?? record.decision).toBe(code)
  })

  it.each<[string, (event: HookEvent) => unknown, string]>([
    [
      'scopes',
      (event) => {
        event.data.context.protocol.request['scope'] = ' '.repeat(100_000)
      },
      'more than 1000 scopes are named',
    ],
    [
      'values',
      (event) => Object.assign(event, { x: Array.from({ length: 5_000 }, () => 0) }),
      'the body is refused as JSON: too_many_values',
    ],
  ])('is refused with too many %s', async (_, edit, detail) => {
    const { outcome, record } = await bench.send(bench.event({}, edit))
    expect(outcome).toBe('request_malformed')
    expect(record).toMatchObject({ step: 'parse', detail })
  })

  it('may have members that nobody knows, and nulls where members are optional', async () => {
    const event = bench.event({}, (changed) => {
      Object.assign(changed, { more: { of: ['it'] } })
      Object.assign(changed.data.context, { session: null, user: null, device: {} })
      Object.assign(changed.data, { identity: null, refresh_token: null })
      changed.data.context.protocol.request['response_type'] = null
    })
    expect((await bench.send(event)).outcome).toBe('permit')
  })

  it('may leave out everything but the envelope, the URL and a name of the client', async () => {
    const url = `https://example.okta.com/oauth2/default/v1/token?assertion=${bench.assertion()}`
    const { outcome, claims } = await bench.send(
      authenticated({
        eventType: 'com.okta.oauth2.tokens.transform',
        data: {
          context: { request: { url: { value: url } }, protocol: { client: { id: '0oaApiA' } } },
          access: {},
        },
      }),
    )
    expect(outcome).toBe('permit')
    expect(claims).toMatchObject({ sub: 'ann@example.com', act: { sub: '0oaApiA' } })
  })
})

describe('what counts as an exchange', () => {
  const others: Readonly<Record<string, (event: HookEvent) => void>> = {
    'the token request is not a POST': (event) => {
      event.data.context.request.method = 'GET'
    },
    'the request is not for a token endpoint': (event) => {
      event.data.context.request.url.value = event.data.context.request.url.value.replace(
        'token',
        'authorize',
      )
    },
    'the event has a session, a user, a uid, an ID or refresh token, or an earlier grant': (event) => {
      event.data.context.session = {}
    },
    'the client is not confidential': (event) => {
      event.data.context.protocol.client['type'] = 'PUBLIC'
    },
    'the grant type is another': (event) => {
      event.data.context.protocol.request['grant_type'] = 'password'
    },
    'the request is one for authorization': (event) => {
      event.data.context.protocol.request['redirect_uri'] = 'https://app.example'
    },
  }
  const url = 'https://example.okta.com/oauth2/default/v1/token'

  it.each(Object.entries(others))('%s: denied, or left alone where configured', async (detail, edit) => {
    const denied = await bench.send(bench.event({ url }, edit))
    expect(denied.record).toMatchObject({ code: 'request_unsupported', step: 'recognise', detail })
    const passed = await bench.send(bench.event({ url }, edit), { otherEvents: 'unchanged' })
    expect(passed.outcome).toBe('unchanged')
    expect(passed.record).toMatchObject({ decision: 'unchanged', step: 'recognise' })
    const carrying = await bench.send(bench.event({}, edit), { otherEvents: 'unchanged' })
    expect(carrying.record).toMatchObject({
      code: 'request_unsupported',
      detail: `${detail}, yet it carries an assertion`,
    })
  })

  it.each(['https://example.okta.com/oauth2/another', ['https://example.okta.com/oauth2/another'], 1])(
    'needs all places to name the same authorization server, and not %j',
    async (iss) => {
      const event = bench.event({}, (changed) => {
        changed.data.context.protocol['issuer'] = { uri: 'https://example.okta.com/oauth2/b' }
        changed.data.access.claims['iss'] = iss
      })
      const { record } = await bench.send(event)
      expect(record).toMatchObject({
        code: 'request_unsupported',
        detail: 'the places that name the authorization server disagree',
      })
    },
  )

  it('may name the authorization server under another domain of the org', async () => {
    const event = bench.event({}, (changed) => {
      changed.data.context.protocol['issuer'] = { uri: 'https://example.okta.com/oauth2/b' }
      changed.data.access.claims['iss'] = 'https://id.example.com/oauth2/b'
    })
    expect((await bench.send(event)).outcome).toBe('permit')
  })

  it('is no exchange when it goes back to an earlier grant', async () => {
    const event = bench.event({}, ({ data }) => {
      Object.assign(data.context.protocol, { originalGrant: { refresh_token: { jti: 'oar1' } } })
    })
    expect((await bench.send(event)).outcome).toBe('request_unsupported')
  })

  it('needs all places to name the same client', async () => {
    const event = bench.event({}, (changed) => {
      changed.data.access.claims['cid'] = '0oaApiB'
    })
    const { record } = await bench.send(event, { clients: 'any' })
    expect(record).toMatchObject({
      code: 'request_unsupported',
      detail: 'the places that name the client disagree',
    })
  })

  const places = {
    'protocol.client.id': ({ data }: HookEvent) => delete data.context.protocol.client['id'],
    'access.claims.cid': ({ data }: HookEvent) => delete data.access.claims['cid'],
    'protocol.request.client_id': ({ data }: HookEvent) => delete data.context.protocol.request['client_id'],
    'access.claims.sub': ({ data }: HookEvent) => delete data.access.claims['sub'],
  }
  type Place = keyof typeof places
  const namedBy = (...kept: readonly Place[]) =>
    bench.event({}, (event) => {
      for (const [place, remove] of Object.entries(places))
        if (!kept.some((one) => one === place)) remove(event)
    })

  it.each<readonly [readonly Place[]]>([
    [['protocol.client.id']],
    [['access.claims.cid']],
    [['protocol.client.id', 'protocol.request.client_id']],
    [['access.claims.cid', 'access.claims.sub']],
  ])('lets %j name the client', async (kept) => {
    const { record } = await bench.send(namedBy(...kept), { clients: 'any' })
    expect(record).toMatchObject({ decision: 'permit', client: '0oaApiA' })
  })

  it.each<readonly [readonly Place[]]>([
    [[]],
    [['protocol.request.client_id']],
    [['access.claims.sub']],
    [['protocol.request.client_id', 'access.claims.sub']],
  ])('does not let %j alone name the client, which Okta has not authenticated by it', async (kept) => {
    const { record } = await bench.send(namedBy(...kept), { clients: 'any' })
    expect(record).toMatchObject({
      code: 'request_unsupported',
      detail: 'neither protocol.client.id nor access.claims.cid names the client',
    })
  })

  it.each<readonly [string, (event: HookEvent) => unknown, RegExp]>([
    [
      'client_id of the request',
      ({ data }) => Object.assign(data.context.protocol.request, { client_id: '0oaB' }),
      /disagree/,
    ],
    [
      'client_id of the request as a list',
      ({ data }) => Object.assign(data.context.protocol.request, { client_id: ['0oaApiA'] }),
      /disagree/,
    ],
    ['client.id', ({ data }) => Object.assign(data.context.protocol.client, { id: '0oaB' }), /disagree/],
    [
      'a sub that the server was told to make',
      ({ data }) => Object.assign(data.access.claims, { sub: 'api-a' }),
      /^sub of the machine token is not the client id: .*give it back the default$/,
    ],
  ])('is denied with another %s', async (_name, edit, detail) => {
    const { record } = await bench.send(bench.event({}, edit), { clients: 'any' })
    expect(record).toMatchObject({ code: 'request_unsupported', detail: expect.stringMatching(detail) })
  })
})

describe('a request without an assertion', () => {
  const url = 'https://example.okta.com/oauth2/default/v1/token'

  it('is denied, or left alone where configured', async () => {
    const denied = await bench.send(bench.event({ url }))
    expect(denied.record).toMatchObject({ code: 'assertion_missing', step: 'extract', client: '0oaApiA' })
    const passed = await bench.send(bench.event({ url }), { missingAssertion: 'unchanged' })
    expect(passed.outcome).toBe('unchanged')
    expect(JSON.parse(passed.text).commands).toEqual([])
  })

  it.each(['Assertion=x', 'assertion[]=x', 'x=1;assertion=x', '%2561ssertion=x', 'assertion='])(
    'is always denied when it nearly has one: %s',
    async (query) => {
      const { record } = await bench.send(bench.event({ url: `${url}?${query}` }), {
        missingAssertion: 'unchanged',
      })
      expect(record).toMatchObject({ code: 'assertion_missing', step: 'extract' })
      expect(record.detail).toMatch(/spelling|empty/)
    },
  )
})
