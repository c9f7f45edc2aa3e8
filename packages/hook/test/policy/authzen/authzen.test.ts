import { createServer } from 'node:net'
import { PolicyUnavailable } from '@behalf/hook'
import { type AuthzenOptions, authzen } from '@behalf/hook/authzen'
import { ManualClock } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { type DelegationOptions, delegation } from '../delegation.ts'
import { DecisionPointServer, type EvaluationAnswer } from './decision-point-server.ts'

const signal = new AbortController().signal

async function ask(point: ReturnType<typeof authzen>, options: DelegationOptions = {}) {
  expect(point.faults).toEqual([])
  return point.decide(delegation(options), signal)
}

async function failure(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PolicyUnavailable)
  return error instanceof Error ? error.message : ''
}

describe('a question', () => {
  it('is mapped as docs/authzen.md says', async () => {
    await using server = await DecisionPointServer.start()
    const point = authzen({ pdp: server.pdp, token: 'pdp-token' })
    const claims = {
      department: 'sales',
      act: { sub: '0oaX' },
      may_act: { sub: '0oaApiA' },
      cnf: { jkt: 'x' },
    }
    await ask(point, { claims, priorActors: ['0oaX'] })

    const [received] = server.received
    expect(received?.path).toBe('/evaluate')
    expect(received?.headers).toMatchObject({
      authorization: 'Bearer pdp-token',
      'content-type': 'application/json',
      'x-request-id': 'request-1',
    })
    expect(received?.body).toEqual({
      subject: {
        type: 'user',
        id: 'https://example.okta.com/oauth2/default#ann@example.com',
        properties: {
          issuer: 'https://example.okta.com/oauth2/default',
          subject: 'ann@example.com',
          claims: {
            iss: 'https://example.okta.com/oauth2/default',
            sub: 'ann@example.com',
            aud: 'api://a',
            cid: '0oaSpa',
            iat: expect.any(Number),
            exp: expect.any(Number),
            auth_time: expect.any(Number),
            scp: ['openid', 'a:read'],
            department: 'sales',
          },
          client: { id: '0oaApiA', name: 'API A' },
          actors: [{ sub: '0oaApiA' }, { sub: '0oaX' }],
          ip_address: '203.0.113.7',
        },
      },
      action: { name: 'exchange' },
      resource: {
        type: 'api',
        id: 'api://b',
        properties: {
          scopes: ['orders:read'],
          authorization_server: 'https://example.okta.com/oauth2/default',
        },
      },
      context: { time: '2026-11-24T09:30:00.000Z' },
    })
  })

  it('shows only the claims that were chosen', async () => {
    await using server = await DecisionPointServer.start()
    await ask(authzen({ pdp: server.pdp, claims: ['department'] }), { claims: { department: 'sales' } })
    expect(server.received[0]?.body).toMatchObject({
      subject: { properties: { claims: { department: 'sales' } } },
    })
    expect(JSON.stringify(server.received[0]?.body)).not.toContain('0oaSpa')
  })

  it('without an audience is none, and does not count against the decision point', async () => {
    await using server = await DecisionPointServer.start()
    const point = authzen({ pdp: server.pdp, breakerFailures: 1 })
    expect(await failure(ask(point, { audience: undefined }))).toContain('no audience')
    expect(await ask(point)).toMatchObject({ decision: 'permit' })
  })

  it('carries a token that is obtained for it', async () => {
    await using server = await DecisionPointServer.start()
    let tokens = 0
    const point = authzen({ pdp: server.pdp, token: async () => `token-${++tokens}` })
    await ask(point)
    await ask(point)
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ])
  })
})

describe('an answer', () => {
  it.each<[string, EvaluationAnswer, object]>([
    ['permits', { decision: true }, { decision: 'permit' }],
    [
      'permits and narrows',
      {
        decision: true,
        context: {
          policies: ['p1'],
          scopes: ['orders:read'],
          lifetime_seconds: 600,
          assertion_claims: ['email'],
          claims: { tier: 'gold' },
          id: 'its own affair',
        },
      },
      {
        decision: 'permit',
        policies: ['p1'],
        scopes: ['orders:read'],
        lifetimeSeconds: 600,
        assertionClaims: ['email'],
        claims: { tier: 'gold' },
      },
    ],
    ['forbids', { decision: false }, { decision: 'forbid' }],
    [
      'forbids and says why',
      { decision: false, context: { reason: 'Not today.', scopes: ['x'], policies: ['p2'] } },
      { decision: 'forbid', reason: 'Not today.', scopes: ['x'], policies: ['p2'] },
    ],
    [
      'forbids and says why in English',
      { decision: false, context: { reason_user: { de: 'Nein', en: 'No' } } },
      { decision: 'forbid', reason: 'No' },
    ],
    [
      'forbids and says what the user needs, as the specification has it',
      { decision: false, context: { acr_values: 'urn:com:example:loa:3', amr_values: 'mfa hwk' } },
      { decision: 'forbid', needs: { acrValues: ['urn:com:example:loa:3'] } },
    ],
    [
      'forbids and says all that the user can need',
      { decision: false, context: { acr_values: ['a', 'b'], max_age: 900, required_scopes: ['pay'] } },
      { decision: 'forbid', needs: { acrValues: ['a', 'b'], maxAgeSeconds: 900, scopes: ['pay'] } },
    ],
    [
      'forbids, and what is needed cannot be told',
      { decision: false, context: { acr_values: ['a'], max_age: '900' } },
      { decision: 'forbid' },
    ],
    [
      'forbids whatever else is wrong with it',
      { decision: false, context: { reason: 7, policies: 'x', scopes: [1] } },
      { decision: 'forbid' },
    ],
  ])('%s', async (_, answer, expected) => {
    await using server = await DecisionPointServer.start()
    server.answer = answer
    expect(await ask(authzen({ pdp: server.pdp }))).toEqual(expected)
  })

  it.each<[string, EvaluationAnswer, string]>([
    ['a string', { decision: 'true' }, 'no decision'],
    ['a number', { decision: 1 }, 'no decision'],
    ['null', { decision: null }, 'no decision'],
    ['missing', {}, 'no decision'],
    ['in a list', '[{"decision":true}]', 'no decision'],
    ['given twice', '{"decision":false,"decision":true}', 'not JSON'],
    ['garbage', '<html>true</html>', 'not JSON'],
    ['empty', '', 'not JSON'],
    ['not UTF-8', (response) => void response.end(Buffer.from([0x7b, 0xff])), 'cannot be reached'],
    ['endless', `{"decision":true,"x":"${'x'.repeat(70_000)}"}`, 'too much'],
    [
      'narrowed with a wrong type',
      { decision: true, context: { lifetime_seconds: '600' } },
      'not understood',
    ],
    ['narrowed in a list', { decision: true, context: [{ scopes: [] }] }, 'not an object'],
    ['narrowed in a text', { decision: true, context: '{"scopes":[]}' }, 'not an object'],
    ['with a context of null', { decision: true, context: null }, 'not an object'],
    ['narrowed to nothing', { decision: true, context: { lifetime_seconds: 0 } }, 'not understood'],
    ['a 500', (response) => void response.writeHead(500).end('{"decision":true}'), 'answered 500'],
    ['a 401', (response) => void response.writeHead(401).end('{"decision":true}'), 'answered 401'],
    ['a 201', (response) => void response.writeHead(201).end('{"decision":true}'), 'answered 201'],
    [
      'reset in the middle of the body',
      (response) => {
        response.writeHead(200, { 'content-length': '17' }).write('{"decision"')
        response.socket?.destroy()
      },
      'cannot be reached',
    ],
  ])('that is %s is no decision', async (_, answer, fault) => {
    await using server = await DecisionPointServer.start()
    server.answer = answer
    expect(await failure(ask(authzen({ pdp: server.pdp })))).toContain(fault)
  })

  it('that redirects is not followed', async () => {
    await using server = await DecisionPointServer.start()
    server.answer = (response, { path }) =>
      path === '/evaluate'
        ? response.writeHead(307, { location: '/elsewhere' }).end()
        : response.end('{"decision":true}')
    expect(await failure(ask(authzen({ pdp: server.pdp })))).toContain('307')
    expect(server.received).toHaveLength(1)
  })
})

describe('time', () => {
  it('ends a call that is not answered', async () => {
    await using server = await DecisionPointServer.start()
    const clock = new ManualClock()
    server.answer = () => undefined
    const point = authzen({ pdp: server.pdp, clock, timeoutMs: 300 })
    const arrived = server.nextReceived()
    const asked = failure(ask(point))
    await arrived
    clock.advance(299)
    clock.advance(1)
    expect(await asked).toContain('did not answer in time')
    expect(clock.pending).toBe(0)
    expect(server.received).toHaveLength(1)
  })

  it('ends a body that never ends', async () => {
    await using server = await DecisionPointServer.start()
    const clock = new ManualClock()
    server.answer = (response) => void response.writeHead(200).write('{"decision":')
    const arrived = server.nextReceived()
    const asked = failure(ask(authzen({ pdp: server.pdp, clock })))
    await arrived
    clock.advance(800)
    expect(await asked).toContain('did not answer in time')
  })

  it('ends a call that nobody waits for any more', async () => {
    await using server = await DecisionPointServer.start()
    server.answer = () => undefined
    const abort = new AbortController()
    const arrived = server.nextReceived()
    const asked = failure(Promise.resolve(authzen({ pdp: server.pdp }).decide(delegation(), abort.signal)))
    await arrived
    abort.abort()
    expect(await asked).toContain('did not answer in time')
  })

  it('ends the wait for a token, and frees its place', async () => {
    await using server = await DecisionPointServer.start()
    const clock = new ManualClock()
    const never = Promise.withResolvers<string>()
    let tokens = 0
    const token = () => (++tokens === 1 ? never.promise : 'pdp-token')
    const point = authzen({
      pdp: server.pdp,
      evaluationEndpoint: `${server.pdp}/evaluate`,
      clock,
      token,
      maxConcurrent: 1,
    })
    const asked = failure(ask(point))
    clock.advance(800)
    expect(await asked).toContain('did not answer in time')
    expect(await ask(point)).toEqual({ decision: 'permit' })
  })

  it('bounds how many calls are under way', async () => {
    await using server = await DecisionPointServer.start()
    const clock = new ManualClock()
    server.answer = () => undefined
    const point = authzen({ pdp: server.pdp, clock, maxConcurrent: 1 })
    const arrived = server.nextReceived()
    const first = failure(ask(point))
    await arrived
    expect(await failure(ask(point))).toContain('too many questions')
    clock.advance(800)
    await first
    server.answer = { decision: true }
    expect(await ask(point)).toEqual({ decision: 'permit' })
  })
})

describe('a connection', () => {
  it('that fails once is made again', async () => {
    await using server = await DecisionPointServer.start()
    let calls = 0
    server.answer = (response) =>
      ++calls === 1 ? void response.socket?.destroy() : void response.end('{"decision":true}')
    expect(await ask(authzen({ pdp: server.pdp }))).toEqual({ decision: 'permit' })
    expect(calls).toBe(2)
  })

  it('that is refused is no decision', async () => {
    const server = await DecisionPointServer.start()
    await server.close()
    expect(await failure(ask(authzen({ pdp: server.pdp })))).toContain('could not be reached')
  })

  it('to something that speaks no HTTP is no decision', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-nonsense\r\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const pdp = `http://127.0.0.1:${port}`
    expect(await failure(ask(authzen({ pdp, evaluationEndpoint: `${pdp}/x` })))).toContain(
      'cannot be reached',
    )
    server.close()
  })
})

describe('the breaker', () => {
  it('opens after failures in a row, denies at once, and closes within ten seconds of healing', async () => {
    await using server = await DecisionPointServer.start()
    const clock = new ManualClock()
    const point = authzen({ pdp: server.pdp, clock })
    server.answer = (response) => void response.writeHead(503).end()
    for (let call = 0; call < 5; call++) expect(await failure(ask(point))).toContain('503')
    expect(await failure(ask(point))).toContain('left alone')
    expect(server.received).toHaveLength(5)

    server.answer = { decision: true }
    clock.advance(4_999)
    expect(await failure(ask(point))).toContain('left alone')
    clock.advance(1)
    expect(await ask(point)).toEqual({ decision: 'permit' })
    expect(await ask(point)).toEqual({ decision: 'permit' })
    expect(server.received).toHaveLength(7)
  })

  it('closes although the clock was set back', async () => {
    await using server = await DecisionPointServer.start()
    const clock = new ManualClock()
    const point = authzen({ pdp: server.pdp, clock, breakerFailures: 1 })
    server.answer = (response) => void response.writeHead(503).end()
    expect(await failure(ask(point))).toContain('503')
    server.answer = { decision: true }
    clock.advance(-3_600_000)
    expect(await ask(point)).toEqual({ decision: 'permit' })
  })

  it('stays closed when it is the questions that are refused', async () => {
    await using server = await DecisionPointServer.start()
    const point = authzen({ pdp: server.pdp, clock: new ManualClock() })
    for (const status of [400, 413, 414, 422, 400, 400]) {
      server.answer = (response) => void response.writeHead(status).end()
      expect(await failure(ask(point))).toContain(String(status))
    }
    server.answer = { decision: true }
    expect(await ask(point)).toEqual({ decision: 'permit' })
  })

  it('lets one call at a time try, and opens again when it fails', async () => {
    await using server = await DecisionPointServer.start()
    const clock = new ManualClock()
    const point = authzen({ pdp: server.pdp, clock, breakerFailures: 1, breakerOpenMs: 1_000 })
    server.answer = (response) => void response.writeHead(503).end()
    await failure(ask(point))
    clock.advance(1_000)
    server.answer = () => undefined
    const arrived = server.nextReceived()
    const probe = failure(ask(point))
    await arrived
    expect(await failure(ask(point))).toContain('left alone')
    clock.advance(800)
    expect(await probe).toContain('did not answer in time')
    expect(await failure(ask(point))).toContain('left alone')
    expect(server.received).toHaveLength(2)
  })

  it('does not count denials as failures', async () => {
    await using server = await DecisionPointServer.start()
    server.answer = { decision: false }
    const point = authzen({ pdp: server.pdp, breakerFailures: 1 })
    for (let call = 0; call < 3; call++) expect(await ask(point)).toEqual({ decision: 'forbid' })
  })
})

describe('discovery', () => {
  it('asks for the metadata once in ten minutes', async () => {
    await using server = await DecisionPointServer.start()
    const clock = new ManualClock()
    const point = authzen({ pdp: server.pdp, clock })
    await ask(point)
    await ask(point)
    expect(server.metadataRequests).toEqual(['/.well-known/authzen-configuration'])
    clock.advance(600_000)
    await ask(point)
    expect(server.metadataRequests).toHaveLength(2)
  })

  it('inserts the well-known path before that of the decision point', async () => {
    await using server = await DecisionPointServer.start()
    const pdp = `${server.pdp}/tenant1`
    server.metadata = { policy_decision_point: pdp, access_evaluation_endpoint: `${pdp}/evaluate` }
    await ask(authzen({ pdp }))
    expect(server.metadataRequests).toEqual(['/.well-known/authzen-configuration/tenant1'])
    expect(server.received[0]?.path).toBe('/tenant1/evaluate')
  })

  it('falls back to the standard path of a decision point without metadata', async () => {
    await using server = await DecisionPointServer.start()
    server.metadata = { status: 404 }
    await ask(authzen({ pdp: server.pdp }))
    expect(server.received[0]?.path).toBe('/access/v1/evaluation')
  })

  it.each([
    ['of another decision point', { policy_decision_point: 'https://pdp.example.com' }],
    ['with an endpoint elsewhere', { access_evaluation_endpoint: 'https://pdp.example.com/evaluate' }],
    ['without an endpoint', { access_evaluation_endpoint: 7 }],
    ['that fails', { status: 500 }],
  ])('uses no metadata %s', async (_, changes) => {
    await using server = await DecisionPointServer.start()
    server.metadata = {
      policy_decision_point: server.pdp,
      access_evaluation_endpoint: `${server.pdp}/evaluate`,
      ...changes,
    }
    expect(await failure(ask(authzen({ pdp: server.pdp })))).toContain('metadata')
    expect(server.received).toHaveLength(0)
  })
})

describe('options', () => {
  it('are refused with every fault at once, and without the token', () => {
    const options: AuthzenOptions & { retries: number } = {
      pdp: 'http://pdp.example.com',
      token: 'se cret\n',
      timeoutMs: 0,
      retries: 3,
    }
    const { faults } = authzen(options)
    expect(faults.map(({ path }) => path).toSorted()).toEqual([
      'policy.pdp',
      'policy.retries',
      'policy.timeoutMs',
      'policy.token',
    ])
    expect(JSON.stringify(faults)).not.toContain('cret')
  })

  it('have no token that is undefined, as that of a variable that is not set', () => {
    const options = Object.assign({ pdp: 'https://pdp.example.com' }, { token: process.env['UNSET'] })
    const { faults } = Reflect.apply(authzen, undefined, [options])
    expect(faults).toEqual([
      {
        path: 'policy.token',
        problem: 'must be visible ASCII or a function; is the environment variable set?',
      },
    ])
  })
})
