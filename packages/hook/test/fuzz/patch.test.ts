import { parseStrictJson } from '@behalf/core/internal'
import { type BehalfConfig, createHook, type Hook } from '@behalf/hook'
import {
  encodePart,
  generateSigningKey,
  type HookEvent,
  hookEvent,
  ManualClock,
  signBytes,
  signJwt,
  TestIssuer,
  userClaims,
} from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyCommands } from '../../../sandbox/src/inline-hook/patch.ts'
import { fuzz, fuzzRuns, fuzzTimeoutMs, names, objects, values } from './fuzz.ts'

const key = generateSigningKey('key-1', 'EdDSA')
const clock = new ManualClock()
let issuer: TestIssuer
let hooks: readonly Hook[]

beforeAll(async () => {
  issuer = await TestIssuer.start([key])
  const settings: readonly Partial<BehalfConfig>[] = [
    {},
    { claims: { maxBytes: 131_072 } },
    { claims: { include: ['email', '__proto__', 'a/b', 'scp'], rename: { email: 'a/b~c' } } },
  ]
  hooks = settings.map((changes) =>
    createHook(
      {
        authenticate: { secrets: ['hook-secret-0123456789'] },
        issuers: [{ issuer: issuer.issuer, audiences: ['api://a'], algorithms: ['EdDSA'] }],
        clients: 'any',
        ...changes,
      },
      { clock },
    ),
  )
  await Promise.all(hooks.map((hook) => hook.load()))
})
afterAll(() => issuer.close())

/** `JSON.parse` of Node 24 may confuse names that have escapes in them (nodejs/node#63785). */
function parse(text: string) {
  const parsed = parseStrictJson(text, 100)
  if (!parsed.ok) throw new Error(parsed.fault)
  return Object(parsed.value)
}

/** Claims as an issuer could sign them: some of them as they should be, the others anything. */
const claims = fc
  .tuple(
    objects,
    fc.array(fc.constantFrom('aud', 'exp', 'sub', 'cid', 'scp', 'iat', 'ver'), { maxLength: 2 }),
  )
  .map(([more, kept]) => {
    const good = userClaims(clock.seconds)
    const restored = Object.fromEntries(
      [...kept, 'aud', 'exp', 'sub', 'cid', 'uid'].map((name) => [name, good[name]]),
    )
    const { act: _act, may_act: _mayAct, nonce: _nonce, ...others } = more
    return { ...good, ...others, ...restored, iat: good['iat'], nbf: undefined }
  })

/** Events as Okta could send them. */
const events = fc
  .record({
    lifetimeSeconds: fc.constantFrom(300, 301, 3_600, 86_400, 60),
    withSub: fc.boolean(),
    more: fc.array(fc.tuple(names, values), { maxLength: 3 }),
  })
  .map(({ lifetimeSeconds, withSub, more }) => (assertion: string): HookEvent => {
    const event = hookEvent({ assertion, lifetimeSeconds })
    event.data.access.claims['iss'] = issuer.issuer
    const own = Object.keys(event.data.access.claims)
    for (const [name, value] of more) {
      if (!own.includes(name) && name !== 'uid' && name !== '__proto__')
        event.data.access.claims[name] = value
    }
    if (!withSub) delete event.data.access.claims['sub']
    return event
  })

test('whatever is permitted, Okta applies and API B accepts', { timeout: fuzzTimeoutMs * 2 }, async () => {
  let permits = 0
  const verifier = createVerifier({
    issuer: issuer.issuer,
    audience: 'api://b',
    algorithms: ['EdDSA'],
    maxTokenBytes: 1_000_000,
    clock,
  })
  await fuzz(
    'patches',
    fc.asyncProperty(claims, events, fc.nat({ max: 2 }), async (signed, eventFor, which) => {
      const input = `${encodePart({ alg: 'EdDSA', kid: 'key-1' })}.${encodePart({ ...signed, iss: issuer.issuer })}`
      const signature = signBytes('EdDSA', key.privateKey, input).toString('base64url')
      const event = eventFor(`${input}.${signature}`)
      const { status, body } = (await hooks[which]?.handle({
        headers: new Map([['authorization', ['hook-secret-0123456789']]]),
        body: JSON.stringify(event),
      })) ?? { status: 0, body: '' }
      expect(status).toBe(200)
      const { commands, error } = parse(body)
      if (error !== undefined) return
      permits++
      const { claims: requested, token } = parse(JSON.stringify(event)).data.access
      const lifetimeSeconds: number = token.lifetime.expiration
      const outcome = applyCommands(commands, { access: { claims: requested, lifetimeSeconds } })
      if (!outcome.applied) throw new Error(`Okta would drop the patch: ${outcome.reason}`)
      const { access } = outcome.tokens
      expect(access.lifetimeSeconds).toBeLessThanOrEqual(Math.max(lifetimeSeconds, 300))
      for (const [name, value] of Object.entries(requested)) {
        if (!['sub', 'act', 'assertion'].includes(name)) expect(access.claims[name]).toEqual(value)
      }
      const minted = signJwt(key, {
        ...access.claims,
        iss: issuer.issuer,
        aud: 'api://b',
        iat: clock.seconds,
        exp: clock.seconds + access.lifetimeSeconds,
        nbf: undefined,
        cnf: undefined,
      })
      const accepted = await verifier.verify(minted)
      expect(accepted.subject).toBe('ann@example.com')
      expect(accepted.actor.sub).toBe('0oaApiA')
      expect(accepted.scopes).toEqual(['orders:read'])
    }),
  )
  expect(permits).toBeGreaterThan(fuzzRuns / 3)
  expect(Object.prototype).not.toHaveProperty('polluted')
})
