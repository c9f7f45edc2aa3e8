import { keyvRevocations, memoryRevocations, type RevocationStore } from '@behalf/core'
import { ManualClock } from '@behalf/testing'
import { describe, expect, it } from 'vitest'

/** Texts by key, as a `Keyv` keeps them, with every step of their use in order. */
class Texts {
  readonly kept: Map<string, unknown> = new Map()
  readonly ttls: number[] = []

  async get(key: string): Promise<unknown> {
    return this.kept.get(key)
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    this.ttls.push(ttlMs)
    this.kept.set(key, value)
  }
}

const stores: readonly (readonly [name: string, make: () => RevocationStore])[] = [
  ['in memory', () => memoryRevocations()],
  ['of a Keyv', () => keyvRevocations(new Texts())],
]

describe.each(stores)('cut-offs %s', (_name, make) => {
  it('only move later, each user by itself, whatever order they come in', async () => {
    const store = make()
    await store.raise('ann', 200.5)
    await store.raise('ann', 100)
    await store.raise('ann', 200.5)
    await store.raise('bob', 50)
    expect([await store.find('ann'), await store.find('bob'), await store.find('eve')]).toEqual([
      200.5,
      50,
      undefined,
    ])
    await store.raise('ann', 300)
    expect(await store.find('ann')).toBe(300)
  })

  it('come at the same time and leave the latest', async () => {
    const store = make()
    await Promise.all([3, 9, 1, 7].map(async (cutOff) => store.raise('ann', cutOff)))
    expect(await store.find('ann')).toBe(9)
  })
})

describe('cut-offs in memory', () => {
  it('of more users than it was made for count, and hardly for others: nobody gets through by it', () => {
    const store = memoryRevocations({ maxUsers: 1_000 })
    const users = Array.from({ length: 2_000 }, (_, index) => ({ name: `user ${index}`, at: index + 1 }))
    for (const { name, at } of users) store.raise(name, at)
    expect(users.filter(({ name, at }) => Number(store.find(name)) < at)).toEqual([])
    // Places are shared, but seldom all of them.
    expect(users.filter(({ name, at }) => store.find(name) !== at).length).toBeLessThan(20)
    const others = Array.from({ length: 2_000 }, (_, index) => store.find(`other ${index}`))
    expect(others.filter((cutOff) => cutOff !== undefined).length).toBeLessThan(20)
  })

  it('of many times as many users take no more space, and still nobody gets through', () => {
    const store = memoryRevocations({ maxUsers: 2 })
    for (let at = 1; at <= 5_000; at++) store.raise(`user ${at}`, at)
    for (let at = 1; at <= 5_000; at++) expect(store.find(`user ${at}`)).toBeGreaterThanOrEqual(at)
  })

  it('refuse options that are none', () => {
    expect(() => memoryRevocations({ maxUsers: 0 })).toThrow('maxUsers: expected a whole number from 2')
  })
})

describe('cut-offs of a Keyv', () => {
  it('are kept as long as is said, under names of their own', async () => {
    const texts = new Texts()
    await keyvRevocations(texts, { keepSeconds: 60 }).raise('ann', 1)
    expect([...texts.kept]).toEqual([['behalf:revoked:ann', '1']])
    expect(texts.ttls).toEqual([60_000])
  })

  it.each(['', ' ', 'never', '{"cutOff":1}', 7, {}, 'NaN', 'Infinity'])(
    'are no cut-off and no absence when somebody else wrote %j',
    async (text) => {
      const texts = new Texts()
      texts.kept.set('behalf:revoked:ann', text)
      await expect(keyvRevocations(texts).find('ann')).rejects.toThrow('something else')
    },
  )

  it('can be raised again after a failure', async () => {
    const texts = new Texts()
    const store = keyvRevocations(texts)
    const { set } = texts
    texts.set = () => Promise.reject(new Error('down'))
    await expect(store.raise('ann', 1)).rejects.toThrow('down')
    texts.set = set
    await store.raise('ann', 1)
    expect(await store.find('ann')).toBe(1)
  })

  it('can be raised although what was begun before never ends, as on Workers, whose request has gone', async () => {
    const texts = new Texts()
    const clock = new ManualClock()
    const store = keyvRevocations(texts, { clock })
    const { set } = texts
    const hangs = new Promise<void>((resolve) => {
      texts.set = () => {
        texts.set = set
        resolve()
        return new Promise(() => undefined)
      }
    })
    void store.raise('ann', 1)
    await hangs
    const raised = store.raise('ann', 2)
    clock.advance(1_000)
    await raised
    expect(await store.find('ann')).toBe(2)
  })

  it('fail and are forgotten when the store hangs, and what was given up is not written later', async () => {
    const texts = new Texts()
    const clock = new ManualClock()
    const store = keyvRevocations(texts, { clock })
    const { get } = texts
    const late = Promise.withResolvers<undefined>()
    texts.get = () => late.promise
    const raised = store.raise('ann', 1)
    clock.advance(2_000)
    await expect(raised).rejects.toMatchObject({ name: 'TimeoutError' })
    texts.get = get
    // Nothing of the first is waited for any more.
    await store.raise('ann', 0.5)
    expect(clock.pending).toBe(0)
    late.resolve(undefined)
    await new Promise(setImmediate)
    expect(await store.find('ann')).toBe(0.5)
  })

  it('refuse a store that is none, and options', () => {
    expect(() => keyvRevocations(Object({ get: () => undefined }))).toThrow('a store with get, set')
    expect(() => keyvRevocations(new Texts(), { keepSeconds: 1 })).toThrow('from 60 to')
  })
})
