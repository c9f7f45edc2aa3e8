import type { ServerResponse } from 'node:http'
import type { IntrospectionConfig, SecretSource } from '@behalf/hook'
import { brokenEndpoints, type LoopbackServer, listen } from '@behalf/testing'
import { HookBench } from '@behalf/testing/hook'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

/** A question that was asked. */
interface Asked {
  readonly authorization: string | undefined
  readonly form: URLSearchParams
}

let bench: HookBench
let server: LoopbackServer
let asked: Asked[] = []
let answer: (response: ServerResponse) => void = () => undefined
beforeAll(async () => {
  bench = await HookBench.startChain()
  server = await listen((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString())
      asked.push({ authorization: request.headers.authorization, form })
      answer(response)
    })
  })
})
afterAll(() => Promise.all([bench.close(), server.close()]))
beforeEach(() => {
  asked = []
  answer = (response) => response.end('{"active":true}')
})

const replying = (body: unknown, status = 200) => {
  answer = (response) =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
}

function configured(changes: Partial<IntrospectionConfig> = {}) {
  const introspection = {
    clientId: '0oaApiA',
    clientSecret: 'client-secret_0123',
    endpoint: `${server.origin}/introspect`,
    ...changes,
  }
  return {
    issuers: bench
      .config()
      .issuers.map((issuer) => (issuer.tokens === 'delegated' ? issuer : { ...issuer, introspection })),
  }
}

describe('the issuer of a token', () => {
  it('is asked as a client, in the body of a POST, and permits what it calls active', async () => {
    const event = bench.event()
    expect(await bench.send(event, configured())).toMatchObject({ outcome: 'permit' })
    const [{ authorization, form } = {}, ...others] = asked
    expect(others).toEqual([])
    expect(authorization).toBe(`Basic ${Buffer.from('0oaApiA:client-secret_0123').toString('base64')}`)
    const url = new URL(event.data.context.request.url.value)
    expect([...(form ?? [])]).toEqual([
      ['token', url.searchParams.get('assertion')],
      ['token_type_hint', 'access_token'],
    ])
  })

  it('denies what it calls inactive', async () => {
    replying({ active: false })
    expect(await bench.send(bench.event(), configured())).toMatchObject({
      outcome: 'assertion_revoked',
      record: { step: 'introspection' },
    })
  })

  it('may repeat what the token says of itself', async () => {
    const { seconds } = bench.clock
    const [own] = bench.config().issuers
    replying({
      active: true,
      jti: 'AT.user-token',
      sub: 'ann@example.com',
      iss: own?.issuer,
      exp: seconds + 3_600,
      scope: 'x',
    })
    expect((await bench.send(bench.event(), configured())).outcome).toBe('permit')
  })

  it.each([
    ['a word', { active: 'true' }],
    ['a number', { active: 1 }],
    ['nothing', {}],
    ['null', null],
    ['a list', [{ active: true }]],
    ['active twice', '{"active":false,"active":true}'],
    ['of another token', { active: true, jti: 'AT.another' }],
    ['of another user', { active: true, sub: 'eve@example.com' }],
    ['of another issuer', { active: true, iss: 'https://evil.example' }],
    ['of another end', { active: true, exp: 9_999_999_999 }],
  ])('that answers %s denies, and is taken for unavailable', async (_name, body) => {
    replying(body)
    const { outcome, record } = await bench.send(bench.event(), configured())
    expect(outcome).toBe('revocation_unavailable')
    expect(JSON.stringify(record)).not.toMatch(/eve@|evil|AT\.another/)
  })

  it.each([400, 401, 403, 404, 429, 500, 503])('that answers %d denies', async (status) => {
    replying({ active: true }, status)
    expect((await bench.send(bench.event(), configured())).record).toMatchObject({
      code: 'revocation_unavailable',
      detail: `the issuer answered ${status}`,
    })
  })

  it.each(brokenEndpoints('http://127.0.0.1:9/').filter(({ name }) => !/hang|drip/.test(name)))(
    'that is broken ($name) denies',
    async (broken) => {
      answer = (response) =>
        typeof broken.answer === 'function'
          ? broken.answer(response)
          : response
              .writeHead(broken.answer.status ?? 200)
              .end(
                typeof broken.answer.body === 'string'
                  ? broken.answer.body
                  : JSON.stringify(broken.answer.body ?? {}),
              )
      expect((await bench.send(bench.event(), configured())).outcome).toBe('revocation_unavailable')
    },
  )

  it('that hangs denies after its own time, within the deadline', async () => {
    const arrived = Promise.withResolvers<void>()
    answer = () => arrived.resolve()
    const sent = bench.send(bench.event(), configured({ timeoutMs: 300 }))
    await arrived.promise
    bench.clock.advance(300)
    expect((await sent).record).toMatchObject({
      code: 'revocation_unavailable',
      detail: 'the issuer did not answer in time',
      durationMs: 300,
    })
  })

  it('is not asked about a later hop, whose token is not its own', async () => {
    replying({ active: false })
    expect((await bench.send(bench.event({ assertion: bench.chained() }), configured())).outcome).toBe(
      'permit',
    )
    expect(asked).toEqual([])
  })
})

describe('an answer', () => {
  it('counts for some seconds, for this token alone, and not past a clock that is set back', async () => {
    const hook = bench.hook(configured({ cacheSeconds: 5 }))
    const { authenticated } = await import('@behalf/testing/hook')
    const ask = async (jti: string) =>
      hook.handle(authenticated(bench.event({ assertion: bench.assertion({ jti }) })))
    const one = authenticated(bench.event({ assertion: bench.assertion({ jti: 'one' }) }))
    await hook.handle(one)
    bench.clock.advance(4_999)
    await hook.handle(one)
    expect(asked).toHaveLength(1)
    await ask('two')
    expect(asked).toHaveLength(2)
    bench.clock.advance(1)
    replying({ active: false })
    expect(JSON.parse((await hook.handle(one)).body)).toHaveProperty('debugContext.code', 'assertion_revoked')
    expect(asked).toHaveLength(3)
    bench.clock.advance(-10_000)
    await hook.handle(one)
    expect(asked).toHaveLength(4)
    bench.clock.advance(5_000)
  })

  it('is not kept where none is to be, nor when it was none', async () => {
    const { authenticated } = await import('@behalf/testing/hook')
    const hook = bench.hook(configured({ cacheSeconds: 0 }))
    const one = authenticated(bench.event())
    await hook.handle(one)
    await hook.handle(one)
    expect(asked).toHaveLength(2)
    replying('busy', 503)
    const other = bench.hook(configured({ cacheSeconds: 60 }))
    await other.handle(one)
    replying({ active: true })
    expect(JSON.parse((await other.handle(one)).body)).toHaveProperty('commands')
  })
})

describe('where to ask, and by which secret', () => {
  it('is found in the metadata, on the own origin alone', async () => {
    const { issuer } = bench
    const elsewhere = {
      issuer: issuer.issuer,
      jwks_uri: `${issuer.issuer}/v1/keys`,
      introspection_endpoint: `${server.origin}/introspect`,
    }
    issuer.metadataAnswer = { body: elsewhere }
    const { endpoint: _, ...introspection } = Object(configured().issuers[0]).introspection
    const [own, delegating] = bench.config().issuers
    const issuers = [{ ...own, introspection }, delegating]
    const answered = await bench.send(bench.event(), Object({ issuers }))
    issuer.metadataAnswer = undefined
    expect(answered.record).toMatchObject({
      code: 'revocation_unavailable',
      detail: expect.stringContaining('another origin'),
    })
    expect(asked).toEqual([])
    // The test issuer has no endpoint at Okta's place, and answers 404 there.
    issuer.metadataAnswer = { status: 404 }
    const own404 = await bench.send(
      bench.event(),
      Object({ issuers: [{ ...own, jwksUri: `${issuer.issuer}/v1/keys`, introspection }, delegating] }),
    )
    issuer.metadataAnswer = undefined
    expect(own404.record).toMatchObject({ code: 'revocation_unavailable', detail: 'the issuer answered 404' })
    expect(issuer.requests.get('/oauth2/default/v1/introspect')).toBe(1)
  })

  it('may come from a function; one that fails denies', async () => {
    const failing: SecretSource = () => Promise.reject(new Error('vault'))
    expect((await bench.send(bench.event(), configured({ clientSecret: failing }))).record).toMatchObject({
      code: 'revocation_unavailable',
      detail: expect.stringContaining("the client's secret"),
    })
    await bench.send(bench.event(), configured({ clientSecret: async () => ['from a vault'] }))
    expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from('0oaApiA:from+a+vault').toString('base64')}`)
  })

  it.each<[string, () => string | SecretSource]>([
    ['beside it', () => async () => ['old-secret_012345', 'new-secret_012345']],
    [
      'in its source by now',
      () => {
        const versions = ['old-secret_012345', 'new-secret_012345']
        return async () => [versions.shift() ?? 'new-secret_012345']
      },
    ],
  ])('that knows the secret no more is asked with the one that is %s', async (_, clientSecret) => {
    const right = `Basic ${Buffer.from('0oaApiA:new-secret_012345').toString('base64')}`
    answer = (response) =>
      response.writeHead(asked.at(-1)?.authorization === right ? 200 : 401).end('{"active":true}')
    const config = configured({ clientSecret: clientSecret() })
    expect(await bench.send(bench.event(), config)).toMatchObject({ outcome: 'permit' })
    expect(asked).toHaveLength(2)
  })

  it.each([
    [{ clientSecret: undefined }, 'introspection.clientSecret: must be visible ASCII'],
    [{ clientSecret: 'arn:aws:ssm:eu-central-1:123456789012:parameter/x' }, 'is an ARN'],
    [{ endpoint: 'http://evil.example/' }, 'introspection.endpoint'],
    [{ cacheSeconds: 61 }, 'introspection.cacheSeconds: must be a whole number from 0 to 60'],
    [{ clientId: '' }, 'introspection.clientId'],
    [{ secret: 'x' }, 'introspection.secret: is not a known setting'],
  ])('is refused when unusable: %j', (changes, fault) => {
    expect(() => bench.hook(configured(Object(changes)))).toThrow(fault)
  })

  it('is refused for issuers of delegated tokens', () => {
    const [own, delegating] = configured().issuers
    const { introspection } = Object(own)
    expect(() => bench.hook(Object({ issuers: [own, { ...delegating, introspection }] }))).toThrow(
      "issuers[1].introspection: is for users' own tokens",
    )
  })
})
