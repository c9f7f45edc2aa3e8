import { memoryRevocations, type RevocationStore } from '@behalf/core'
import { userKey } from '@behalf/core/internal'
import type { BehalfConfig } from '@behalf/hook'
import { authenticated, HookBench } from '@behalf/testing/hook'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let bench: HookBench
beforeAll(async () => {
  bench = await HookBench.startChain()
})
afterAll(() => bench.close())

const ann = userKey('example', ['uid'], { uid: '00uAnn' }) ?? ''

function configured(revocation: BehalfConfig['revocation']): Partial<BehalfConfig> {
  const [own, delegating] = bench.config().issuers
  return {
    issuers: [own, delegating].flatMap((issuer) =>
      issuer === undefined ? [] : [issuer.tokens === 'delegated' ? issuer : { ...issuer, org: 'example' }],
    ),
    revocation,
  }
}

/** A store in which Ann was cut off so many seconds after the bench's time. */
function cutOff(afterSeconds: number): RevocationStore {
  const store = memoryRevocations()
  store.raise(ann, bench.clock.seconds + afterSeconds)
  return store
}

describe('an exchange for a user who was cut off', () => {
  it('is denied by a token from before, and permitted by one from after', async () => {
    const config = configured({ store: cutOff(0), whenUnavailable: 'deny' })
    const before = await bench.send(bench.event(), config)
    expect(before).toMatchObject({ outcome: 'assertion_revoked', record: { step: 'revocation' } })
    const assertion = bench.assertion({ iat: bench.clock.seconds + 1 })
    expect(await bench.send(bench.event({ assertion }), config)).toMatchObject({ outcome: 'permit' })
  })

  it('is denied at every hop by when the first token was issued, however young the presented one is', async () => {
    const config = configured({ store: cutOff(10), whenUnavailable: 'deny' })
    const chained = (iat: number) =>
      bench.chained({ iat: bench.clock.seconds + 20, assertion: bench.first({ iat }) })
    const old = await bench.send(bench.event({ assertion: chained(bench.clock.seconds) }), config)
    expect(old.outcome).toBe('assertion_revoked')
    const young = await bench.send(bench.event({ assertion: chained(bench.clock.seconds + 15) }), config)
    expect(young.outcome).toBe('permit')
  })

  it('is denied although the token was verified and remembered before', async () => {
    const store = memoryRevocations()
    const hook = bench.hook(configured({ store, whenUnavailable: 'deny' }))
    const request = authenticated(bench.event())
    const outcome = async () => JSON.parse((await hook.handle(request)).body)
    expect(await outcome()).toHaveProperty('commands')
    store.raise(ann, bench.clock.seconds)
    expect(await outcome()).toHaveProperty('debugContext.code', 'assertion_revoked')
  })

  it('asks nobody for what is denied anyway', async () => {
    let asked = 0
    const store: RevocationStore = { find: () => void asked++, raise: () => undefined }
    const config = configured({ store, whenUnavailable: 'deny' })
    await bench.send(bench.event({ clientId: '0oaNobody' }), config)
    expect(asked).toBe(0)
    expect((await bench.send(bench.event(), config)).outcome).toBe('permit')
    expect(asked).toBe(1)
  })
})

describe('a store that fails', () => {
  const failing: RevocationStore = { find: () => Promise.reject(new Error('down')), raise: () => undefined }

  it('denies by choice, and says what was wrong', async () => {
    const told: string[] = []
    const answer = await bench.send(
      bench.event(),
      configured({ store: failing, whenUnavailable: 'deny', onUnavailable: (detail) => told.push(detail) }),
    )
    expect(answer.outcome).toBe('revocation_unavailable')
    expect(told).toEqual(['the store of cut-offs failed'])
  })

  it('permits by choice, and the record says that nobody knew', async () => {
    const answer = await bench.send(bench.event(), configured({ store: failing, whenUnavailable: 'permit' }))
    expect(answer).toMatchObject({ outcome: 'permit', record: { revocation: 'unknown' } })
    const known = await bench.send(
      bench.event(),
      configured({ store: memoryRevocations(), whenUnavailable: 'permit' }),
    )
    expect(known.record).not.toHaveProperty('revocation')
  })
})

describe('a configuration', () => {
  const faultsOf = (changes: object): string => {
    try {
      bench.hook({ ...configured({ store: memoryRevocations(), whenUnavailable: 'deny' }), ...changes })
      return ''
    } catch (error) {
      return String(error)
    }
  }

  it('states whose users an issuer has', () => {
    expect(faultsOf({ issuers: bench.config().issuers })).toContain('issuers[0].org: is missing')
    expect(faultsOf({})).toBe('')
  })

  it('chooses what becomes of exchanges without the store, and names a store', () => {
    expect(faultsOf({ revocation: { store: memoryRevocations() } })).toContain(
      'revocation.whenUnavailable: is missing',
    )
    expect(faultsOf({ revocation: { store: {}, whenUnavailable: 'deny', timeoutMs: 0, x: 1 } })).toMatch(
      /revocation\.store: must be an object[\s\S]*revocation\.timeoutMs[\s\S]*revocation\.x: is not a known setting/,
    )
  })
})

describe('the digest of a configuration', () => {
  const digestOf = (config: Partial<BehalfConfig>) => bench.hook(config).revision.configuration

  it('says what was chosen, and nothing of the store or of secrets', () => {
    const circular: Record<string, unknown> = { find: () => undefined, raise: () => undefined }
    circular['itself'] = circular
    const store = memoryRevocations()
    const denying = digestOf(configured({ store, whenUnavailable: 'deny' }))
    expect(digestOf(configured({ store: Object(circular), whenUnavailable: 'deny' }))).toBe(denying)
    expect(digestOf(configured({ store, whenUnavailable: 'permit' }))).not.toBe(denying)
    const [own, delegating] = bench.config().issuers
    const asking = (clientSecret: string, clientId = '0oaApiA') =>
      digestOf(Object({ issuers: [{ ...own, introspection: { clientId, clientSecret } }, delegating] }))
    expect(asking('one-secret')).toBe(asking('another-secret'))
    expect(asking('one-secret')).not.toBe(asking('one-secret', '0oaOther'))
  })
})
