import { generateSigningKey, ManualClock, TestIssuer } from '@behalf/testing'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import type { DocumentFetch } from '../../src/http/fetch-json.ts'
import { KeyCache, type KeyCacheOptions } from '../../src/jwks/key-cache.ts'

const minutes = 60_000
const hours = 60 * minutes

/** An issuer, a clock that stands still, and the cache of the issuer's keys. */
async function setUp(
  options: Partial<KeyCacheOptions> = {},
): Promise<{ issuer: TestIssuer; clock: ManualClock; keys: KeyCache }> {
  const issuer = await TestIssuer.start()
  onTestFinished(() => issuer.close())
  const clock = new ManualClock()
  return { issuer, clock, keys: new KeyCache({ issuer: issuer.issuer, clock, ...options }) }
}

const kindOf = async (keys: KeyCache, kid: string): Promise<string> => (await keys.find(kid, 'RS256')).kind

describe('KeyCache', () => {
  test('finds the key that the issuer publishes, through its metadata', async () => {
    const { issuer, keys } = await setUp()
    const lookup = await keys.find('key-1', 'RS256')
    expect(lookup.kind === 'found' && lookup.keys.map(({ key }) => key.equals(issuer.key.publicKey))).toEqual(
      [true],
    )
    expect(await kindOf(keys, 'key-2')).toBe('unknown')
    expect((await keys.find('key-1', 'ES256')).kind).toBe('unsuitable')
  })

  test('fetches nothing before it is used, and nothing but the keys when their URL is configured', async () => {
    const { issuer, clock } = await setUp()
    const keys = new KeyCache({ issuer: 'urn:example:issuer', jwksUri: `${issuer.issuer}/v1/keys`, clock })
    expect(issuer.requests.size).toBe(0)
    expect(await kindOf(keys, 'key-1')).toBe('found')
    expect([...issuer.requests]).toEqual([['/oauth2/default/v1/keys', 1]])
  })

  test('answers at once while its keys are fresh', async () => {
    const { issuer, keys } = await setUp()
    await keys.load()
    expect(keys.find('key-1', 'RS256')).not.toBeInstanceOf(Promise)
    expect(issuer.keyFetches).toBe(1)
  })

  test('loads nothing anew while its keys are fresh, and says nothing of a fault that there was not', async () => {
    const { issuer, clock, keys } = await setUp()
    expect(keys.status()).toStrictEqual({ ready: false })
    expect(await keys.load()).toStrictEqual({ ready: true, ageMs: 0 })
    clock.advance(4 * minutes)
    expect(await keys.load()).toStrictEqual({ ready: true, ageMs: 4 * minutes })
    expect(issuer.keyFetches).toBe(1)
    clock.advance(2 * minutes)
    expect(await keys.load()).toStrictEqual({ ready: true, ageMs: 0 })
    expect(issuer.keyFetches).toBe(2)
  })

  test('fetches once for a thousand lookups at once, at cold start and past the maximum age', async () => {
    const { issuer, clock, keys } = await setUp()
    for (const fetches of [1, 2]) {
      const lookups = await Promise.all(Array.from({ length: 1_000 }, () => keys.find('key-1', 'RS256')))
      expect(new Set(lookups.map(({ kind }) => kind))).toEqual(new Set(['found']))
      expect(issuer.keyFetches).toBe(fetches)
      clock.advance(11 * minutes)
    }
  })

  test('fetches anew in the background from half of the maximum age on', async () => {
    const { issuer, clock, keys } = await setUp()
    await keys.load()
    clock.advance(5 * minutes)
    await keys.find('key-1', 'RS256')
    expect(issuer.keyFetches).toBe(1)
    clock.advance(1)
    expect(keys.find('key-1', 'RS256')).toMatchObject({ kind: 'found' })
    await keys.load()
    expect(issuer.keyFetches).toBe(2)
    expect(keys.status()).toEqual({ ready: true, ageMs: 0 })
  })

  test('never trusts a withdrawn key past the maximum age, used or not in the meantime', async () => {
    const { issuer, clock, keys } = await setUp()
    const [withdrawn] = issuer.keys
    await keys.load()
    issuer.keys = [generateSigningKey('key-2')]
    clock.advance(10 * minutes)
    expect(keys.find('key-1', 'RS256')).toMatchObject({ kind: 'found' })
    await keys.load()
    expect(await kindOf(keys, 'key-1')).toBe('unknown')
    expect(await kindOf(keys, 'key-2')).toBe('found')
    issuer.keys = withdrawn === undefined ? [] : [withdrawn]
    clock.advance(10 * minutes + 1)
    expect(await kindOf(keys, 'key-2')).toBe('unknown')
  })

  test('trusts a new key under an old kid, and no longer the old key', async () => {
    const { issuer, clock, keys } = await setUp()
    await keys.load()
    issuer.keys = [generateSigningKey('key-1')]
    clock.advance(11 * minutes)
    const lookup = await keys.find('key-1', 'RS256')
    expect(lookup.kind === 'found' && lookup.keys.map(({ key }) => key.equals(issuer.key.publicKey))).toEqual(
      [true],
    )
  })

  test('takes an age that a clock set back makes negative for too old', async () => {
    const { issuer, clock, keys } = await setUp()
    await keys.load()
    issuer.keys = [generateSigningKey('key-2')]
    clock.advance(-2 * hours)
    expect(await kindOf(keys, 'key-1')).toBe('unknown')
    expect(issuer.keyFetches).toBe(2)
    clock.advance(minutes)
    expect(keys.find('key-2', 'RS256')).toMatchObject({ kind: 'found' })
  })

  test('does not confuse two issuers that use the same kid', async () => {
    const first = await setUp()
    const second = await setUp()
    const found = await Promise.all([first, second].map(({ keys }) => keys.find('key-1', 'RS256')))
    expect(
      found.map((lookup) =>
        lookup.kind === 'found'
          ? [first, second].map(({ issuer }) =>
              lookup.keys.some(({ key }) => key.equals(issuer.key.publicKey)),
            )
          : lookup.kind,
      ),
    ).toEqual([
      [true, false],
      [false, true],
    ])
  })

  test('leaves nothing scheduled behind', async () => {
    const { clock, keys } = await setUp()
    await Promise.all([keys.load(), keys.find('key-1', 'RS256'), keys.find('key-2', 'RS256')])
    await keys.find('key-3', 'RS256')
    expect(clock.pending).toBe(0)
  })

  test('gives every limit a meaning of its own', async () => {
    const { issuer, clock, keys } = await setUp({ maxAgeMs: 1_000, refreshAfterMs: 900, staleForMs: 0 })
    await keys.load()
    issuer.keysAnswer = { status: 500 }
    clock.advance(1_000)
    expect(keys.find('key-1', 'RS256')).toMatchObject({ kind: 'found' })
    expect(keys.status().ready).toBe(true)
    await keys.load()
    clock.advance(1)
    expect(await kindOf(keys, 'key-1')).toBe('unavailable')
    expect(keys.status().ready).toBe(false)
  })

  test('takes limits of zero', async () => {
    const limits = { refreshAfterMs: 0, unknownKeyCooldownMs: 0, retryAfterMs: 0 }
    const { issuer, keys } = await setUp(limits)
    expect(await kindOf(keys, 'unknown-1')).toBe('unknown')
    expect(await kindOf(keys, 'unknown-2')).toBe('unknown')
    expect(issuer.keyFetches).toBe(2)
  })

  test('takes metadata and keys by plain http from a host that was named for it, and from no other', async () => {
    const host = 'idp.default.svc.cluster.local'
    const issuer = `http://${host}:8080/oauth2/default`
    const { jwk } = generateSigningKey('key-1')
    let jwksUri = `${issuer}/v1/keys`
    const fetch: DocumentFetch = async (url) =>
      Response.json(url === jwksUri ? { keys: [jwk] } : { issuer, jwks_uri: jwksUri })
    const cache = (): KeyCache => new KeyCache({ issuer, fetch, insecureHosts: [host] })
    expect(await kindOf(cache(), 'key-1')).toBe('found')
    jwksUri = 'http://keys.default.svc.cluster.local/keys'
    const keys = cache()
    expect(await kindOf(keys, 'key-1')).toBe('unavailable')
    expect(keys.status().fault).toMatch(/names no usable jwks_uri: it is plain http .* insecureHosts/)
  })

  it.each([
    [
      { issuer: 'http://example.okta.com/oauth2/default' },
      /^issuer: it is plain http to another machine; use https, or name the host in insecureHosts \(INSECURE_HOSTS\)$/,
    ],
    [{ issuer: 'http://example.okta.com', insecureHosts: ['okta.com', 'example.okta.com.'] }, /^issuer: /],
    [{ issuer: 'example.okta.com' }, /^issuer: /],
    [{ issuer: 'https://user:pass@example.okta.com' }, /^issuer: /],
    [{ issuer: 'https://example.okta.com', jwksUri: 'http://example.okta.com/keys' }, /^jwksUri: /],
    [{ issuer: 'https://example.okta.com', jwksUri: 'http://169.254.169.254/keys' }, /^jwksUri: /],
    [{ issuer: 'https://example.okta.com', jwksUri: '' }, /^jwksUri: /],
    [{ issuer: 'https://example.okta.com', maxAgeMs: Number.NaN, waitMs: -1 }, /maxAgeMs.*waitMs/],
  ])('refuses %j', (options, message) => {
    expect(() => new KeyCache(options)).toThrow(message)
    expect(() => new KeyCache(options)).toThrow(TypeError)
  })
})
