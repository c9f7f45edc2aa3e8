import { type Client, clientSecretBasic, createClient, ExchangeError } from '@behalf/client'
import type { Clock } from '@behalf/core'
import { delegatedClaims, generateSigningKey, ManualClock, signJwt, userClaims } from '@behalf/testing'
import { describe, expect, test } from 'vitest'

const key = generateSigningKey('key-1', 'EdDSA')
const issuer = 'https://example.okta.com/oauth2/behalf'

interface Scene {
  /** How long the user's token lives. */
  readonly userSeconds: number
  /** How long the rule lets delegated tokens live. */
  readonly ruleSeconds: number
  /** How far API A's clock is ahead. */
  readonly clockAheadSeconds?: number
  /** Whether API B enforces the end of the assertion, so that a token may outlive it. */
  readonly verifier?: 'any' | 'behalf'
  /** When policy ends the delegation, from the beginning. */
  readonly policyEndsAfterSeconds?: number
  readonly renewBeforeSeconds?: number
}

/** Okta, its hook and API A, each with its clock; Okta lets no token live less than 300 s. */
function play(scene: Scene) {
  const { userSeconds, ruleSeconds, clockAheadSeconds = 0, verifier = 'behalf', renewBeforeSeconds } = scene
  const clock = new ManualClock()
  const clockOfA: Clock = {
    now: () => clock.now() + clockAheadSeconds * 1000,
    schedule: (callback, delayMs) => clock.schedule(callback, delayMs),
  }
  const startedAt = clock.seconds
  const assertion = signJwt(
    key,
    userClaims(startedAt, { iss: 'https://users.example', exp: startedAt + userSeconds }),
  )
  const { iss, sub, exp, jti } = JSON.parse(
    Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString(),
  )
  const end = Math.min(exp, startedAt + (scene.policyEndsAfterSeconds ?? Number.POSITIVE_INFINITY))
  const counts = { requests: 0, tokens: 0 }
  const okta = { isDown: false, isFatal: false }
  const deny = (code: string): Response =>
    Response.json({ error: 'server_error', error_description: `${code}: No.` }, { status: 400 })
  const fetch = async (): Promise<Response> => {
    counts.requests++
    if (okta.isDown) return Response.json({}, { status: 429 })
    if (okta.isFatal) return deny('policy_denied')
    const rest = end - clock.seconds
    if (exp <= clock.seconds) return deny('assertion_expired')
    if (verifier === 'any' && rest < 305) return deny('assertion_expires_soon')
    counts.tokens++
    const lifetime = Math.max(300, Math.min(ruleSeconds, rest))
    const claims = delegatedClaims(clock.seconds, {
      iss: issuer,
      cid: '0oaApiA',
      exp: clock.seconds + lifetime,
      act: { sub: '0oaApiA' },
      assertion: { iss, sub, exp: end, jti },
    })
    return Response.json({
      access_token: signJwt(key, claims),
      token_type: 'Bearer',
      expires_in: lifetime,
    })
  }
  const client: Client = createClient({
    issuer,
    clientId: '0oaApiA',
    auth: clientSecretBasic('secret'),
    tokenEndpoint: `${issuer}/v1/token`,
    ...(renewBeforeSeconds === undefined ? {} : { cache: { renewBeforeSeconds } }),
    clock: clockOfA,
    fetch,
    onWarning: () => undefined,
  })
  /** Calls once a second; returns how many calls got a token. */
  const call = async (seconds: number): Promise<number> => {
    let served = 0
    for (let second = 0; second < seconds; second++) {
      const outcome = await client
        .acquireToken({ assertion, scopes: ['orders:read'] })
        .catch((error) => error)
      if (!(outcome instanceof ExchangeError)) served++
      clock.advance(1_000)
    }
    return served
  }
  return { call, counts, okta }
}

describe('a new token is asked for only where it would live longer', () => {
  test.each([-300, -60, 0, 60, 240])(
    "a 5-minute user's token, one call a second, API A's clock ahead by %i s",
    async (clockAheadSeconds) => {
      for (const ruleSeconds of [300, 3600]) {
        const { call, counts } = play({ userSeconds: 300, ruleSeconds, clockAheadSeconds })
        await call(900)
        expect(counts.tokens).toBeLessThanOrEqual(2)
        expect(counts.requests).toBeLessThanOrEqual(3)
      }
    },
  )

  test('where clocks agree, every call of those five minutes is served by one token', async () => {
    const { call, counts } = play({ userSeconds: 300, ruleSeconds: 300 })
    expect(await call(300)).toBe(300)
    expect(counts).toEqual({ requests: 1, tokens: 1 })
  })

  test.each([-300, 0, 299, 300])(
    "an hour's token and a rule of five minutes take one token every four minutes, API A's clock ahead by %i s",
    async (clockAheadSeconds) => {
      const { call, counts } = play({ userSeconds: 3600, ruleSeconds: 300, clockAheadSeconds })
      expect(await call(3000)).toBe(3000)
      expect(counts).toEqual({ requests: 13, tokens: 13 })
    },
  )

  test('a margin that is longer than tokens live takes one for each half of a life', async () => {
    const { call, counts } = play({ userSeconds: 3600, ruleSeconds: 300, renewBeforeSeconds: 3600 })
    expect(await call(1500)).toBe(1500)
    expect(counts.requests).toBe(10)
  })

  test('a policy that ends the delegation at one moment is asked once in the last minute', async () => {
    const { call, counts } = play({ userSeconds: 3600, ruleSeconds: 3600, policyEndsAfterSeconds: 600 })
    expect(await call(600)).toBe(600)
    expect(counts.requests).toBe(2)
  })
})

describe('in the margin a token that is held serves when no other is to be had', () => {
  test('because the assertion ends too soon for a new one; that is asked once', async () => {
    const { call, counts } = play({ userSeconds: 560, ruleSeconds: 300, verifier: 'any' })
    // At 240 s the rest allows another, at 480 s none: the second serves until 540 s.
    expect(await call(560)).toBe(540)
    expect(counts).toEqual({ requests: 3, tokens: 2 })
  })

  test('because Okta does not give one for the moment; it is asked once', async () => {
    const { call, counts, okta } = play({ userSeconds: 3600, ruleSeconds: 300 })
    await call(240)
    okta.isDown = true
    expect(await call(60)).toBe(60)
    expect(counts.requests).toBe(2)
  })

  test('but not when the hook denies', async () => {
    const { call, okta } = play({ userSeconds: 3600, ruleSeconds: 300 })
    await call(240)
    okta.isFatal = true
    expect(await call(10)).toBe(0)
  })
})
