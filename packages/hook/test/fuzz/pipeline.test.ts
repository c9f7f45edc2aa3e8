import { createHook, type Hook, type HookAnswer } from '@behalf/hook'
import { createLambdaHandler } from '@behalf/hook/lambda'
import {
  encodePart,
  generateSigningKey,
  hookEvent,
  ManualClock,
  signBytes,
  TestIssuer,
  userClaims,
} from '@behalf/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fuzz, fuzzTimeoutMs, names, objects, values } from './fuzz.ts'

// Ed25519 signs fifty times as fast as RSA, and what is signed is what is tried out.
const key = generateSigningKey('key-1', 'EdDSA')
const clock = new ManualClock()
const reports: unknown[] = []
let issuer: TestIssuer
let hook: Hook

beforeAll(async () => {
  issuer = await TestIssuer.start([key])
  hook = createHook(
    {
      authenticate: { secrets: ['hook-secret-0123456789'] },
      issuers: [{ issuer: issuer.issuer, audiences: ['api://a'], algorithms: ['EdDSA'] }],
      clients: 'any',
    },
    { clock, onInternalError: (report) => reports.push(report) },
  )
  await hook.load()
})
afterAll(() => issuer.close())

const headers = new Map([['authorization', ['hook-secret-0123456789']]])

/** What must hold of every answer, whatever was sent. */
function expectAnswer({ status, body }: Pick<HookAnswer, 'body'> & { readonly status: number }): void {
  expect(status).toBe(200)
  const { commands, error, ...rest } = JSON.parse(body)
  expect(Object.keys(rest)).toEqual(['debugContext'])
  expect([commands, error].filter((member) => member !== undefined)).toHaveLength(1)
  if (error !== undefined) {
    expect(error.errorSummary).toMatch(/^[a-z_]+: ./)
    expect(error.errorSummary).not.toMatch(/^internal_error/)
  }
  expect(reports).toEqual([])
}

const send = async (body: string): Promise<void> => expectAnswer(await hook.handle({ headers, body }))

test('any body is answered', { timeout: fuzzTimeoutMs }, () => {
  const good = JSON.stringify(hookEvent())
  const body = fc.oneof(
    fc.string({ unit: 'binary' }),
    values.map((value) => JSON.stringify(value) ?? ''),
    fc
      .tuple(fc.nat(good.length), fc.nat(5), fc.string({ unit: 'binary', maxLength: 5 }))
      .map(([at, length, text]) => good.slice(0, at) + text + good.slice(at + length)),
  )
  return fuzz('request body', fc.asyncProperty(body, send))
})

test('any event is answered', { timeout: fuzzTimeoutMs }, () => {
  const assertion = issuer.sign(userClaims(clock.seconds))
  /** Puts a value at a random place of a good event. */
  const place = (event: object, path: readonly number[], value: unknown): void => {
    const entries = Object.entries(event)
    const [name, member] = entries[(path[0] ?? 0) % entries.length] ?? []
    if (name === undefined) return
    if (path.length > 1 && typeof member === 'object' && member !== null) place(member, path.slice(1), value)
    else Object.assign(event, { [name]: value })
  }
  const change = fc.tuple(fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 7 }), values)
  return fuzz(
    'event',
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const event = hookEvent({ assertion })
      for (const [path, value] of changes) place(event, path, value)
      await send(JSON.stringify(event))
    }),
  )
})

const sendAssertion = (assertion: string): Promise<void> => send(JSON.stringify(hookEvent({ assertion })))

test('any text for an assertion is answered', { timeout: fuzzTimeoutMs }, () => {
  const good = issuer.sign(userClaims(clock.seconds))
  const part = fc.oneof(
    objects.map((object) => encodePart(object)),
    fc.string().map((text) => encodePart(text)),
    fc.base64String().map((text) => text.replaceAll('=', '')),
    fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => text.isWellFormed()),
  )
  const token = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join('.')),
    fc
      .tuple(fc.nat(good.length), fc.nat(3), fc.string({ maxLength: 3 }))
      .map(([at, length, text]) => good.slice(0, at) + text + good.slice(at + length)),
  )
  return fuzz('JWT decoding', fc.asyncProperty(token, sendAssertion))
})

test('any header and claims that the issuer signs are answered', { timeout: fuzzTimeoutMs }, () => {
  const known = fc.constantFrom('alg', 'kid', 'typ', 'crit', 'b64', 'jku', 'jwk', 'x5u')
  const header = fc.array(fc.tuple(fc.oneof(known, names), values), { maxLength: 2 })
  return fuzz(
    'signed JWTs',
    fc.asyncProperty(header, objects, async (changes, claims) => {
      const head = { alg: 'EdDSA', kid: 'key-1', ...Object.fromEntries(changes) }
      const payload = { iss: issuer.issuer, ...userClaims(clock.seconds), ...claims }
      const input = `${encodePart(head)}.${encodePart(payload)}`
      await sendAssertion(`${input}.${signBytes('EdDSA', key.privateKey, input).toString('base64url')}`)
    }),
  )
})

test('anything that a function is invoked with is answered', { timeout: fuzzTimeoutMs }, () => {
  const handler = createLambdaHandler(hook, { clock })
  const body = JSON.stringify(hookEvent({ assertion: issuer.sign(userClaims(clock.seconds)) }))
  const some = (value: unknown): fc.Arbitrary<unknown> => fc.oneof(fc.constant(value), values)
  const event = fc.record(
    {
      httpMethod: some('POST'),
      headers: some({ Authorization: 'hook-secret-0123456789' }),
      multiValueHeaders: some({ Authorization: ['hook-secret-0123456789'] }),
      requestContext: some({ http: { method: 'POST' } }),
      body: fc.oneof(some(body), fc.constant(Buffer.from(body).toString('base64'))),
      isBase64Encoded: fc.oneof(fc.boolean(), values),
    },
    { requiredKeys: [] },
  )
  return fuzz(
    'Lambda events',
    fc.asyncProperty(fc.oneof(event, fc.anything()), async (invocation) => {
      const { statusCode, body: text } = await Reflect.apply(handler, undefined, [invocation])
      if (statusCode === 405) return
      expectAnswer({ status: statusCode, body: text })
    }),
  )
})

test('any headers are answered', { timeout: fuzzTimeoutMs }, () => {
  const body = JSON.stringify(hookEvent({ assertion: issuer.sign(userClaims(clock.seconds)) }))
  const name = fc.constantFrom('authorization', 'content-type', 'content-encoding', 'x-other')
  const value = fc.oneof(
    fc.constantFrom('hook-secret-0123456789', 'application/json', 'gzip', 'identity', 'utf-8', 'Bearer x'),
    fc.string({ unit: 'binary' }),
  )
  const sent = fc.array(fc.tuple(name, fc.array(value, { maxLength: 3 })), { maxLength: 4 })
  return fuzz(
    'headers',
    fc.asyncProperty(sent, async (pairs) =>
      expectAnswer(await hook.handle({ headers: new Map(pairs), body })),
    ),
  )
})
