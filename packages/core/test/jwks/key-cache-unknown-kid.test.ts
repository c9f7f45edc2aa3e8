import { generateSigningKey, ManualClock, TestIssuer } from '@behalf/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { KeyCache, type KeyCacheOptions } from '../../src/jwks/key-cache.ts'
import { Places } from '../../src/time/places.ts'

const seconds = 1_000

async function setUp(
  options: Partial<KeyCacheOptions> = {},
): Promise<{ issuer: TestIssuer; clock: ManualClock; keys: KeyCache }> {
  const issuer = await TestIssuer.start()
  onTestFinished(() => issuer.close())
  const clock = new ManualClock()
  const keys = new KeyCache({ issuer: issuer.issuer, clock, ...options })
  await keys.load()
  return { issuer, clock, keys }
}

const kindOf = async (keys: KeyCache, kid: string): Promise<string> => (await keys.find(kid, 'RS256')).kind

/** Looks up many kids that nobody publishes, all at once. */
const flood = async (keys: KeyCache, count = 1_000): Promise<ReadonlySet<string>> =>
  new Set(await Promise.all(Array.from({ length: count }, (_, index) => kindOf(keys, `unknown-${index}`))))

describe('KeyCache on unknown kids', () => {
  test('asks once for a thousand of them, then not for ten seconds', async () => {
    const { issuer, clock, keys } = await setUp()
    expect(await flood(keys)).toEqual(new Set(['unknown']))
    expect(issuer.keyFetches).toBe(2)
    for (let second = 1; second < 10; second++) {
      clock.advance(1 * seconds)
      expect(await flood(keys, 100)).toEqual(new Set(['unknown']))
    }
    expect(issuer.keyFetches).toBe(2)
    clock.advance(1 * seconds)
    await flood(keys)
    expect(issuer.keyFetches).toBe(3)
  })

  test('leaves lookups of known kids alone meanwhile', async () => {
    const { keys } = await setUp()
    const flooded = flood(keys)
    expect(keys.find('key-1', 'RS256')).toMatchObject({ kind: 'found' })
    await flooded
  })

  test('lets no more wait than may, while the issuer does not answer', async () => {
    const { issuer, clock, keys } = await setUp({ places: new Places(10) })
    const asked = Promise.withResolvers<void>()
    issuer.keysAnswer = () => asked.resolve()
    const settled: string[] = []
    const lookups = Array.from({ length: 15 }, async (_, index) => {
      settled.push(`${index} ${await kindOf(keys, `unknown-${index}`)}`)
    })
    await asked.promise
    expect(settled).toEqual([10, 11, 12, 13, 14].map((index) => `${index} unavailable`))
    clock.advance(800)
    await Promise.all(lookups)
    clock.advance(4 * seconds)
    issuer.keysAnswer = undefined
    await keys.load()
    expect(await kindOf(keys, 'unknown')).toBe('unknown')
  })

  test('lets a rotation through at once', async () => {
    const { issuer, keys } = await setUp()
    issuer.keys = [generateSigningKey('key-2'), ...issuer.keys]
    expect(await kindOf(keys, 'key-2')).toBe('found')
    expect(await kindOf(keys, 'key-1')).toBe('found')
  })

  test('lets a rotation through within ten seconds under a flood that never stops', async () => {
    const { issuer, clock, keys } = await setUp()
    await flood(keys)
    issuer.keys = [generateSigningKey('key-2')]
    expect(await kindOf(keys, 'key-2')).toBe('unknown')
    clock.advance(10 * seconds)
    const [, rotated] = await Promise.all([flood(keys), kindOf(keys, 'key-2')])
    expect(rotated).toBe('found')
  })

  test('starts no cool-down with a fetch that had another reason', async () => {
    const { issuer, clock, keys } = await setUp()
    const held = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const before = { keys: issuer.keys.map(({ jwk }) => jwk) }
    issuer.keysAnswer = (response) => {
      asked.resolve()
      void held.promise.then(() => response.end(JSON.stringify(before)))
    }
    clock.advance(301 * seconds)
    expect(keys.find('key-1', 'RS256')).toMatchObject({ kind: 'found' })
    // The background refresh has its answer on the way when the issuer rotates.
    await asked.promise
    issuer.keysAnswer = undefined
    issuer.keys = [generateSigningKey('key-2')]
    const joined = kindOf(keys, 'key-2')
    held.resolve()
    expect(await joined).toBe('unknown')
    expect(await kindOf(keys, 'key-2')).toBe('found')
  })

  test('joins a fetch that is under way even during the cool-down', async () => {
    const { issuer, clock } = await setUp()
    const keys = new KeyCache({ issuer: issuer.issuer, clock, refreshAfterMs: 1 * seconds })
    await keys.load()
    await flood(keys, 1)
    issuer.keys = [generateSigningKey('key-2')]
    expect(await kindOf(keys, 'key-2')).toBe('unknown')
    clock.advance(2 * seconds)
    expect(keys.find('key-1', 'RS256')).toMatchObject({ kind: 'found' })
    expect(await kindOf(keys, 'key-2')).toBe('found')
  })

  test('asks again for a kid that a fetch older than the lookup did not bring', async () => {
    const { issuer, clock, keys } = await setUp()
    clock.advance(601 * seconds)
    const held = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const before = { keys: issuer.keys.map(({ jwk }) => jwk) }
    issuer.keysAnswer = (response) => {
      asked.resolve()
      void held.promise.then(() => response.end(JSON.stringify(before)))
    }
    const first = kindOf(keys, 'key-1')
    await asked.promise
    issuer.keysAnswer = undefined
    issuer.keys = [generateSigningKey('key-2')]
    clock.advance(1)
    const second = kindOf(keys, 'key-2')
    held.resolve()
    expect(await Promise.all([first, second])).toEqual(['found', 'found'])
  })

  test('starts no cool-down while the issuer does not answer, so that a rotation gets through as soon as it does', async () => {
    const { issuer, clock, keys } = await setUp()
    issuer.keys = [generateSigningKey('key-2')]
    issuer.keysAnswer = { status: 503 }
    expect(await flood(keys)).toEqual(new Set(['unavailable']))
    expect(issuer.keyFetches).toBe(2)
    clock.advance(1 * seconds)
    expect(await kindOf(keys, 'key-2')).toBe('unavailable')
    expect(issuer.keyFetches).toBe(2)
    issuer.keysAnswer = undefined
    clock.advance(2 * seconds)
    expect(await kindOf(keys, 'key-2')).toBe('found')
  })

  test('keeps serving known kids while a fetch for an unknown one hangs', async () => {
    const { issuer, clock, keys } = await setUp()
    const asked = Promise.withResolvers<void>()
    issuer.keysAnswer = () => asked.resolve()
    const lookup = kindOf(keys, 'key-2')
    await asked.promise
    expect(keys.find('key-1', 'RS256')).toMatchObject({ kind: 'found' })
    clock.advance(800)
    expect(await lookup).toBe('unavailable')
  })

  test('is not put off by a clock that was set back', async () => {
    const { issuer, clock, keys } = await setUp()
    await flood(keys)
    clock.advance(-3_600 * seconds)
    issuer.keys = [generateSigningKey('key-2')]
    expect(await kindOf(keys, 'key-2')).toBe('found')
  })
})
