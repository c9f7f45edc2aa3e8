import { generateSigningKey, signJwt, userClaims } from '@behalf/testing'
import { ServedBench } from '@behalf/testing/hook'
import { describe, expect, it } from 'vitest'

const newKey = generateSigningKey('key-2')
const granted = { status: 200, outcome: 'ann@example.com' }
const second = 1_000
const minute = 60 * second

function signWithNewKey(rig: ServedBench): string {
  return signJwt(newKey, { iss: rig.issuer.issuer, ...userClaims(rig.clock.seconds) })
}

function signWithUnknownKey(rig: ServedBench, kid: string): string {
  return signJwt({ ...newKey, kid }, { iss: rig.issuer.issuer, ...userClaims(rig.clock.seconds) })
}

describe('a rotation', () => {
  it('fails no exchange while old and new keys overlap, announced or not', async () => {
    await using rig = await ServedBench.start()
    for (let hour = 0; hour < 4; hour++) {
      expect(await rig.send()).toEqual(granted)
      rig.clock.advance(20 * minute)
    }
    rig.issuer.keys = [rig.issuer.key, newKey]
    for (let turn = 0; turn < 60; turn++) {
      const [old, renewed] = await Promise.all([rig.send(), rig.send(signWithNewKey(rig))])
      expect([old, renewed]).toEqual([granted, granted])
      rig.clock.advance(10 * second)
    }
  })

  it('by surprise gets through at once', async () => {
    await using rig = await ServedBench.start()
    expect(await rig.send()).toEqual(granted)
    rig.issuer.keys = [newKey]
    expect(await rig.send(signWithNewKey(rig))).toEqual(granted)
    expect(rig.issuer.keyFetches).toBe(2)
  })

  it('by surprise gets through within 10 s of a storm of a thousand unknown kids a second, which costs few fetches', async () => {
    await using rig = await ServedBench.start()
    expect(await rig.send()).toEqual(granted)
    let healedAfterMs = Number.POSITIVE_INFINITY
    let rotatedAt = Number.POSITIVE_INFINITY
    for (let tick = 0; tick < 30; tick++) {
      if (tick === 5) {
        rig.issuer.keys = [rig.issuer.key, newKey]
        rotatedAt = rig.clock.now()
      }
      const storm = Array.from({ length: 20 }, (_, index) =>
        rig.send(signWithUnknownKey(rig, `unknown-${tick}-${index}`)),
      )
      expect(await rig.send()).toEqual(granted)
      for (const { outcome } of await Promise.all(storm)) expect(outcome).toBe('assertion_key_unknown')
      if (tick >= 5) {
        const { outcome } = await rig.send(signWithNewKey(rig))
        if (outcome === granted.outcome) {
          healedAfterMs = Math.min(healedAfterMs, rig.clock.now() - rotatedAt)
        } else expect(healedAfterMs, 'once healed it stays healed').toBe(Number.POSITIVE_INFINITY)
      }
      rig.clock.advance(second)
    }
    expect(healedAfterMs).toBeLessThanOrEqual(10 * second)
    expect(rig.issuer.keyFetches).toBeLessThanOrEqual(1 + 3)
  })

  it('that removes a key has it refused within the maximum age, without a restart', async () => {
    await using rig = await ServedBench.start()
    const oldKey = rig.issuer.key
    const signWithOldKey = (): string =>
      signJwt(oldKey, { iss: rig.issuer.issuer, ...userClaims(rig.clock.seconds) })
    rig.issuer.keys = [oldKey, newKey]
    expect(await rig.send(signWithOldKey())).toEqual(granted)
    rig.issuer.keys = [newKey]
    rig.clock.advance(10 * minute + 1)
    expect(await rig.send(signWithOldKey())).toEqual({ status: 200, outcome: 'assertion_key_unknown' })
    expect(await rig.send(signWithNewKey(rig))).toEqual(granted)
  })

  it('that removes a key has it refused within the maximum age under steady load too', async () => {
    await using rig = await ServedBench.start()
    const oldKey = rig.issuer.key
    rig.issuer.keys = [oldKey, newKey]
    expect(await rig.send()).toEqual(granted)
    rig.issuer.keys = [newKey]
    const withdrawnAt = rig.clock.now()
    let lastGrantedAt = withdrawnAt
    for (let turn = 0; turn < 170; turn++) {
      rig.clock.advance(3_900)
      const { outcome } = await rig.send(
        signJwt(oldKey, { iss: rig.issuer.issuer, ...userClaims(rig.clock.seconds) }),
      )
      if (outcome === granted.outcome) lastGrantedAt = rig.clock.now()
    }
    expect(lastGrantedAt - withdrawnAt).toBeLessThanOrEqual(10 * minute)
  })

  it('that removes a key has it refused at the maximum age although an earlier refresh has failed', async () => {
    await using rig = await ServedBench.start()
    const oldAssertion = (): string =>
      signJwt(oldKey, { iss: rig.issuer.issuer, ...userClaims(rig.clock.seconds) })
    const oldKey = rig.issuer.key
    expect(await rig.send(oldAssertion())).toEqual(granted)
    rig.issuer.keys = [newKey]
    rig.issuer.keysAnswer = { status: 500 }
    rig.clock.advance(6 * minute)
    expect(await rig.send(oldAssertion())).toEqual(granted)
    await expect.poll(() => rig.hook.status()[0]?.fault).toBeDefined()
    rig.issuer.keysAnswer = undefined
    rig.clock.advance(20 * minute)
    expect(await rig.send(oldAssertion())).toEqual({ status: 200, outcome: 'assertion_key_unknown' })
  })

  it('with a kid that is used again has the old key refused within the maximum age', async () => {
    await using rig = await ServedBench.start()
    const reused = generateSigningKey(rig.issuer.key.kid)
    const signWithOldKey = (
      (old) => () =>
        signJwt(old, { iss: rig.issuer.issuer, ...userClaims(rig.clock.seconds) })
    )(rig.issuer.key)
    expect(await rig.send(signWithOldKey())).toEqual(granted)
    rig.issuer.keys = [reused]
    rig.clock.advance(10 * minute + 1)
    expect(await rig.send(signWithOldKey())).toEqual({ status: 200, outcome: 'assertion_signature_invalid' })
    expect(await rig.send()).toEqual(granted)
  })

  it('does not mistake the key of one issuer for that of another with the same kid', async () => {
    await using rig = await ServedBench.start()
    const forged = signJwt(
      { ...newKey, kid: rig.issuer.key.kid },
      { iss: rig.issuer.issuer, ...userClaims(rig.clock.seconds) },
    )
    expect(await rig.send(forged)).toEqual({ status: 200, outcome: 'assertion_signature_invalid' })
  })
})
