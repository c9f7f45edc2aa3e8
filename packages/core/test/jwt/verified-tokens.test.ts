import { generateSigningKey, type LooseObject, ManualClock, signJwt, userClaims } from '@behalf/testing'
import { describe, expect, it, test } from 'vitest'
import { Jwks } from '../../src/jwks/jwks.ts'
import type { KeyLookup } from '../../src/jwks/key-cache.ts'
import { VerifiedTokens, type VerifiedTokensLimits } from '../../src/jwt/verified-tokens.ts'
import { createJwtVerifier, type JwtFault, type VerifiedJwt } from '../../src/jwt/verify.ts'
import type { Result } from '../../src/result.ts'

const issuer = 'https://example.okta.com/oauth2/default'
const key = generateSigningKey('key-1')
const foreign = generateSigningKey('key-1')
const [published] = keysIn(key.jwk)
const [replacement] = keysIn(foreign.jwk)
if (published === undefined || replacement === undefined) throw new Error('no keys')
/** Goes by the same thumbprint, and no signature holds by it: whoever accepts a token with it has remembered the token. */
const unusable = { ...published, key: replacement.key }

function keysIn(jwk: object) {
  return Jwks.parse(JSON.parse(JSON.stringify({ keys: [jwk] })))?.find('key-1', 'RS256') ?? []
}

function setUp(limits: VerifiedTokensLimits = {}) {
  const clock = new ManualClock()
  const claims: LooseObject = { iss: issuer, ...userClaims(clock.seconds) }
  let lookup: KeyLookup = { kind: 'found', keys: [published ?? unusable] }
  const verifiedTokens = new VerifiedTokens(limits, clock)
  const verifyToken = createJwtVerifier({
    issuers: [
      {
        issuer,
        audiences: ['api://a'],
        algorithms: ['RS256'],
        clockToleranceSeconds: 60,
        keys: { find: () => lookup },
      },
    ],
    clock,
    maxBytes: 16_384,
    verifiedTokens,
  })
  const verify = async (token: string): Promise<string> => {
    const outcome: Result<VerifiedJwt, JwtFault> = await verifyToken(token)
    return outcome.ok ? 'ok' : outcome.fault.code
  }
  const tokenOf = (changes: LooseObject): string => signJwt(key, { ...claims, ...changes })
  /** Whether tokens are known, told by their being accepted though no signature holds any more. */
  const isRemembered = async (token: string): Promise<boolean> => {
    const before = lookup
    lookup = { kind: 'found', keys: [unusable] }
    const outcome = await verify(token)
    lookup = before
    return outcome === 'ok'
  }
  const publish = (next: KeyLookup): void => {
    lookup = next
  }
  return { clock, claims, verify, verifyToken, tokenOf, isRemembered, publish }
}

describe('VerifiedTokens', () => {
  test('spares a token that was accepted the signature', async () => {
    const { verify, tokenOf, isRemembered } = setUp()
    const token = tokenOf({})
    expect(await isRemembered(token)).toBe(false)
    expect(await verify(token)).toBe('ok')
    expect(await isRemembered(token)).toBe(true)
  })

  test.each([
    ['the first character less', (token: string) => token.slice(1)],
    ['the last character less', (token: string) => token.slice(0, -1)],
    ['a character more', (token: string) => `${token}A`],
    ['a blank behind', (token: string) => `${token} `],
    ['another signature', (token: string) => `${token.slice(0, -8)}AAAAAAAA`],
  ])('knows the whole token only: %s', async (_, change) => {
    const { verify, tokenOf } = setUp()
    const token = tokenOf({})
    await verify(token)
    expect(await verify(change(token))).not.toBe('ok')
  })

  test.each([
    ['of another audience', { aud: 'api://b' }, 'audience_mismatch'],
    ['that has expired', { exp: 1 }, 'expired'],
    ['from the future', { nbf: 32_503_680_000 }, 'not_yet_valid'],
  ])('does not remember a token %s', async (_, changes, code) => {
    const { verify, tokenOf, isRemembered } = setUp()
    expect(await verify(tokenOf(changes))).toBe(code)
    expect(await isRemembered(tokenOf(changes))).toBe(false)
  })

  it('refuses a remembered token from its exp on', async () => {
    const { clock, claims, verify, tokenOf } = setUp()
    const token = tokenOf({})
    await verify(token)
    clock.advance((Number(claims['exp']) - clock.seconds) * 1000 - 1)
    expect(await verify(token)).toBe('ok')
    clock.advance(1)
    expect(await verify(token)).toBe('expired')
  })

  test.each<[string, KeyLookup, string]>([
    ['withdrawn', { kind: 'unknown' }, 'key_unknown'],
    ['published for another algorithm', { kind: 'unsuitable' }, 'algorithm_unsupported'],
    ['out of reach', { kind: 'unavailable' }, 'keys_unavailable'],
    ['replaced under its kid', { kind: 'found', keys: [replacement] }, 'signature_invalid'],
  ])('refuses a remembered token whose key is %s', async (_, lookup, code) => {
    const { verify, tokenOf, publish } = setUp()
    const token = tokenOf({})
    await verify(token)
    publish(lookup)
    expect(await verify(token)).toBe(code)
  })

  test('a key that was fetched again is the same key', async () => {
    const { verify, tokenOf, isRemembered, publish } = setUp()
    const token = tokenOf({})
    await verify(token)
    publish({ kind: 'found', keys: keysIn(key.jwk) })
    expect(await verify(token)).toBe('ok')
    expect(await isRemembered(token)).toBe(true)
  })

  it('judges anew what a clock that was set back has judged', async () => {
    const { clock, verify, tokenOf, isRemembered } = setUp()
    const token = tokenOf({})
    await verify(token)
    clock.advance(-1)
    expect(await isRemembered(token)).toBe(false)
  })

  it('freezes what all who bring the token share', async () => {
    const { verifyToken, tokenOf } = setUp()
    const token = tokenOf({ nested: { list: [{ deep: true }] } })
    const first = await verifyToken(token)
    if (!first.ok) throw new Error(first.fault.code)
    expect(() => Reflect.set(Object(first.value.claims), 'sub', 'somebody else')).not.toThrow()
    const list = Reflect.get(Object(first.value.claims['nested']), 'list')
    expect(Reflect.set(list, 0, 'changed')).toBe(false)
    expect(Reflect.set(list[0], 'deep', false)).toBe(false)
    const second = await verifyToken(token)
    expect(second).toEqual(await setUp().verifyToken(token))
  })

  test('a flood of tokens crowds out neither its bounds nor the ones that are asked for again', async () => {
    const { verify, tokenOf, isRemembered } = setUp({ maxEntries: 8 })
    const busy = tokenOf({ jti: 'busy' })
    const others = Array.from({ length: 40 }, (_, index) => tokenOf({ jti: String(index) }))
    await verify(busy)
    for (const token of others) {
      await verify(token)
      await verify(busy)
    }
    expect(await isRemembered(busy)).toBe(true)
    const remembered = []
    for (const token of others) if (await isRemembered(token)) remembered.push(token)
    expect(remembered.length).toBeGreaterThan(0)
    expect(remembered.length).toBeLessThanOrEqual(7)
  })

  it('keeps within its bytes, and leaves out what would take half of them', async () => {
    const { verify, tokenOf, isRemembered } = setUp({ maxBytes: 20_000 })
    const small = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => tokenOf({ jti: String(index) }))
    const large = tokenOf({ padding: 'x'.repeat(6_000) })
    for (const token of [...small, large]) expect(await verify(token)).toBe('ok')
    expect(await isRemembered(large)).toBe(false)
    const remembered = []
    for (const token of small) if (await isRemembered(token)) remembered.push(token)
    const bytes = remembered.reduce((sum, token) => sum + 1_000 + 2 * token.length, 0)
    expect(bytes).toBeLessThanOrEqual(20_000)
    expect(remembered).toContain(small.at(-1))
  })
})
