import type { Hook } from '@behalf/hook'
import type { SealStore } from '@behalf/hook/sealing'
import type { LooseObject } from '@behalf/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { SealBench } from './seal-bench.ts'

const seals = await SealBench.start()
afterAll(() => seals.close())
const { bench } = seals
const outcome = (hook: Hook, changes: LooseObject = {}): Promise<unknown> =>
  seals.outcome(hook, `assertion=${seals.seal(changes)}`)

describe('a store of used seals', () => {
  const claims: unknown[] = []
  const remembering: SealStore = {
    claim: (...claim) => {
      const isNew = !claims.some((each) => JSON.stringify(each) === JSON.stringify(claim))
      claims.push(claim)
      return isNew
    },
  }

  it('is asked last, by all instances, with room for its clock', async () => {
    const [one, other] = [seals.hook({ store: remembering }), seals.hook({ store: remembering })]
    expect(await outcome(one, { jti: 'shared' })).toBe('permit')
    expect(await outcome(other, { jti: 'shared' })).toBe('seal_replayed')
    expect(claims[0]).toEqual(['0oaApiA', 'shared', bench.clock.seconds + 180])
  })

  it.each<[string, SealStore['claim']]>([
    [
      'throws',
      () => {
        throw new Error('down')
      },
    ],
    ['rejects', () => Promise.reject(new Error('down'))],
    ['answers something else', () => Object('yes')],
  ])('that %s denies', async (_, claim) => {
    expect(await outcome(seals.hook({ store: { claim } }))).toBe('seal_store_unavailable')
  })

  it('that hangs denies after 200 ms', async () => {
    const asked = Promise.withResolvers<void>()
    const claim = (): Promise<boolean> => {
      asked.resolve()
      return new Promise(() => undefined)
    }
    const answered = outcome(seals.hook({ store: { claim } }))
    await asked.promise
    await bench.clock.advance(200)
    expect(await answered).toBe('seal_store_unavailable')
  })

  it('of one instance that is full sheds', async () => {
    const hook = seals.hook({ maxClaims: 1 })
    expect([await outcome(hook), await outcome(hook)]).toEqual(['permit', 'overloaded'])
  })
})

describe('a store', () => {
  it.each<[string, () => unknown]>([
    ['OK', () => 'OK'],
    ['1', () => 1],
    ['null', () => null],
    ['undefined', () => undefined],
    ['a promise of an object', async () => ({ claimed: true })],
    [
      'what can be waited for and throws',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: this is what it is about.
        then() {
          throw new Error('down')
        },
      }),
    ],
    ['an error that is none', () => Promise.reject('down')],
    ['an error without a prototype', () => Promise.reject(Object.create(null))],
  ])('that answers %s denies', async (_, answer) => {
    const store = Object({ claim: answer })
    expect(await seals.outcome(seals.hook({ store }), `assertion=${seals.seal()}`)).toBe(
      'seal_store_unavailable',
    )
  })

  it('is called as the object that it is', async () => {
    class Remembering {
      readonly #seen = new Set<string>()
      claim(...claim: readonly unknown[]): boolean {
        return !this.#seen.has(String(claim)) && this.#seen.add(String(claim)).size > 0
      }
    }
    const hook = seals.hook({ store: new Remembering() })
    const text = seals.seal()
    expect([
      await seals.outcome(hook, `assertion=${text}`),
      await seals.outcome(hook, `assertion=${text}`),
    ]).toEqual(['permit', 'seal_replayed'])
  })

  it('that hangs does not outlast the deadline', async () => {
    const asked = Promise.withResolvers<void>()
    const claim = (): Promise<boolean> => {
      asked.resolve()
      return new Promise(() => undefined)
    }
    const hook = seals.hook({ store: { claim } }, { limits: { deadlineMs: 100, policyTimeoutMs: 10 } })
    const answered = seals.outcome(hook, `assertion=${seals.seal()}`)
    await asked.promise
    await bench.clock.advance(100)
    expect(await answered).toBe('deadline_exceeded')
  })

  it('is not asked about a seal that has expired while a policy was', async () => {
    const claims: unknown[] = []
    const policy = async () => {
      await bench.clock.advance(300)
      return { decision: 'permit' } as const
    }
    const store = { claim: (...claim: readonly unknown[]) => claims.push(claim) > 0 }
    const hook = seals.hook({ store }, { policy })
    expect(await seals.outcome(hook, `assertion=${seals.seal({ iat: bench.clock.seconds - 120 })}`)).toBe(
      'seal_expired',
    )
    expect(claims).toEqual([])
  })
})
