import { ManualClock } from '@behalf/testing'
import type { PresentedProof, ReplayStore } from '@behalf/verify'
import { describe, expect, it } from 'vitest'
import { refusalOf, TestBed } from '../setup.ts'
import { Prover } from './prover.ts'

/** A store as Redis would be one: it knows how long it keeps things, and answers in its own time. */
class SharedStore implements ReplayStore {
  readonly ttls = new Map<string, number>()

  async remember(id: string, ttlSeconds: number): Promise<boolean> {
    await undefined
    if (this.ttls.has(id)) return false
    this.ttls.set(id, ttlSeconds)
    return true
  }
}

describe('a store that instances share', () => {
  const bed = TestBed.forFile()
  const prover = new Prover()
  const baseUrl = 'https://b.example.com'
  const instance = (store: ReplayStore, clock = bed.clock) =>
    bed.verifier({ dpop: { baseUrl, replayCache: { store } }, clock })
  function presentation() {
    const token = bed.delegated({ cnf: { jkt: prover.thumbprint } })
    const proof = prover.prove(prover.claims(token, bed.clock.seconds))
    const dpop: PresentedProof = { proof, method: 'GET', url: '/orders' }
    return { token, dpop }
  }

  it('has a proof accepted once by all of them, for longer than it can be valid', async () => {
    const store = new SharedStore()
    const { token, dpop } = presentation()
    await expect(instance(store).verify(token, { dpop })).resolves.toMatchObject({
      subject: 'ann@example.com',
    })
    const error = await refusalOf(instance(store).verify(token, { dpop }))
    expect([error.code, error.challengeError]).toEqual(['token_invalid', 'invalid_dpop_proof'])
    expect([...store.ttls]).toEqual([[expect.stringMatching(/^[\w-]{43}$/), 180]])
  })

  it('has one of two accepted that come at the same time', async () => {
    const store = new SharedStore()
    const { token, dpop } = presentation()
    const outcomes = await Promise.allSettled([1, 2].map(() => instance(store).verify(token, { dpop })))
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('lets two guards of one request see the same proof', async () => {
    const verifier = instance(new SharedStore())
    const { token, dpop } = presentation()
    const origin = {}
    for (let guard = 0; guard < 2; guard++)
      await expect(verifier.verify(token, { dpop: { ...dpop, origin } })).resolves.toBeDefined()
  })

  it.each<[string, ReplayStore['remember']]>([
    ['rejects', () => Promise.reject(new Error('redis://:secret@10.0.0.1 is down'))],
    [
      'throws',
      () => {
        throw new Error('redis://:secret@10.0.0.1 is down')
      },
    ],
    ['answers something else', (() => 'OK') as never],
    ['answers nothing', (async () => undefined) as never],
  ])('that %s refuses the request, and nothing of its fault is told', async (_, remember) => {
    const { token, dpop } = presentation()
    const error = await refusalOf(instance({ remember }).verify(token, { dpop }))
    expect(error).toMatchObject({ code: 'replay_store_unavailable', status: 503, retryable: true })
    expect(error.message).not.toContain('secret')
    expect(error.challengeError).toBeUndefined()
  })

  it('that does not answer refuses the request after its time, and is not waited for', async () => {
    const clock = new ManualClock()
    const asked = Promise.withResolvers<void>()
    const store: ReplayStore = {
      remember: () => {
        asked.resolve()
        return new Promise(() => undefined)
      },
    }
    const { token, dpop } = presentation()
    const refused = refusalOf(instance(store, clock).verify(token, { dpop }))
    await asked.promise
    clock.advance(500)
    expect((await refused).code).toBe('replay_store_unavailable')
    expect(clock.pending).toBe(0)
  })

  it('is not asked about a proof that is wrong', async () => {
    const store = new SharedStore()
    const { token, dpop } = presentation()
    await refusalOf(instance(store).verify(token, { dpop: { ...dpop, method: 'POST' } }))
    expect(store.ttls.size).toBe(0)
  })
})
