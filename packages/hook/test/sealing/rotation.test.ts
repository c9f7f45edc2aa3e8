import type { Hook, SecretSource } from '@behalf/hook'
import { type LooseObject, SealingPair } from '@behalf/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { SealBench } from './seal-bench.ts'

const seals = await SealBench.start()
afterAll(() => seals.close())
const { bench, pair } = seals
const next = new SealingPair('seal-2')
const outcome = (hook: Hook, by: SealingPair, changes: LooseObject = {}): Promise<unknown> =>
  seals.outcome(hook, `assertion=${seals.seal(changes, by)}`)

const published = async (hook: Hook): Promise<readonly string[]> =>
  JSON.parse((await hook.sealingKeys()) ?? '').keys.map(({ kid }: LooseObject) => kid)

describe('a rotation', () => {
  it('under load denies no exchange', async () => {
    let keys: readonly SealingPair[] = [pair]
    const source: SecretSource = async () => [JSON.stringify(keys.map(({ jwk }) => jwk))]
    const hook = seals.hook({ keys: source })
    await hook.load()
    const outcomes = new Set<unknown>()
    // Clients fetch the keys again every nine minutes, each at a minute of its own.
    const clients = [0, 3, 6].map((phase) => ({ phase, kid: pair.kid }))
    let minutes = 0
    for (const step of [[pair], [pair, next], [next, pair], [next]]) {
      keys = step
      // Both ends notice within ten minutes: the hook what its source says, clients what the hook publishes.
      for (let minute = 0; minute < 21; minute += 3) {
        for (const client of clients)
          if ((minutes + client.phase) % 9 === 0) client.kid = (await published(hook))[0] ?? ''
        const assertion = bench.assertion()
        const underWay = clients.map(({ kid }) =>
          outcome(hook, kid === next.kid ? next : pair, { assertion }),
        )
        for (const found of await Promise.all(underWay)) outcomes.add(found)
        await bench.clock.advance(180_000)
        minutes += 3
      }
    }
    expect([...outcomes]).toEqual(['permit'])
    expect(await published(hook)).toEqual(['seal-2'])
    expect(await outcome(hook, pair)).toBe('seal_key_unknown')
  })

  it('is noticed when a seal is for a key that is new, and unknown kids cause few fetches', async () => {
    let keys = [pair.jwk]
    let asked = 0
    const source: SecretSource = async () => {
      asked++
      return [JSON.stringify(keys)]
    }
    const hook = seals.hook({ keys: source })
    await hook.load()
    keys = [pair.jwk, next.jwk]
    expect(await outcome(hook, next)).toBe('permit')
    expect(asked).toBe(2)
    const assertion = bench.assertion()
    const unknown = Array.from({ length: 50 }, (_, index) => {
      const by = new SealingPair(`unknown-${index}`)
      return `assertion=${seals.seal({ assertion }, by)}`
    })
    const flood = Array.from({ length: 20 }, () => unknown)
      .flat()
      .map((query) => seals.outcome(hook, query))
    const good = outcome(hook, pair)
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['seal_key_unknown']))
    expect(await good).toBe('permit')
    expect(asked).toBe(2)
  })

  it('that takes a key out counts within ten minutes, though nobody asks for the keys', async () => {
    let keys = [pair.jwk, next.jwk]
    const hook = seals.hook({ keys: async () => [JSON.stringify(keys)] })
    await hook.load()
    keys = [next.jwk]
    expect(await outcome(hook, pair)).toBe('permit')
    await bench.clock.advance(601_000)
    expect(await outcome(hook, pair)).toBe('seal_key_unknown')
  })

  it('from one source to another may have the key in both, and not two by one name', async () => {
    const twin = new SealingPair(pair.kid)
    let ofFirst = pair
    const first: SecretSource = async () => [JSON.stringify(ofFirst.jwk)]
    const second: SecretSource = async () => [JSON.stringify([next.jwk, pair.jwk])]
    const hook = seals.hook({ keys: [first, second] })
    await hook.load()
    expect(hook.secretsStatus()).toEqual({ ready: true })

    ofFirst = twin
    const restarted = seals.hook({ keys: [first, second] })
    await restarted.load()
    const fault = expect.stringMatching(/seals are opened with: two that are different have the same kid/)
    expect(restarted.secretsStatus()).toEqual({ ready: false, fault })
    // With a value, too, which is judged before any source.
    const mixed = seals.hook({ keys: [pair.jwk, first] })
    await mixed.load()
    expect(mixed.secretsStatus()).toEqual({ ready: false, fault })
  })

  it('to keys that are none leaves those before, and says so', async () => {
    const hook = seals.hook({ keys: async () => ['{"kty":"EC"}'] })
    await hook.load()
    expect(hook.secretsStatus()).toEqual({
      ready: false,
      fault: expect.stringContaining('must be a key of kty EC'),
    })
    expect(await hook.sealingKeys()).toBe('')
    expect(await outcome(hook, pair)).toBe('seal_key_unknown')
  })
})
