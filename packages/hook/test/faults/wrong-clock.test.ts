import { hookEvent, userClaims } from '@behalf/testing'
import { readAnswer, ServedBench } from '@behalf/testing/hook'
import { describe, expect, it } from 'vitest'

/** What the hook makes of a token that was issued just now by an issuer whose clock is right. */
async function exchangeWithClockOffBy(
  rig: ServedBench,
  offsetSeconds: number,
  secondsLeft: number,
): Promise<{ readonly code?: string; readonly lifetimeSeconds?: number }> {
  const issuedAt = rig.clock.seconds - offsetSeconds
  const claims = userClaims(issuedAt, { nbf: issuedAt, exp: issuedAt + secondsLeft })
  const { body } = await rig.hook.handle({
    headers: new Map([['authorization', ['hook-secret-0123456789']]]),
    body: JSON.stringify(hookEvent({ assertion: rig.issuer.sign(claims), lifetimeSeconds: 3_600 })),
  })
  const { outcome, lifetimeSeconds = 3_600 } = readAnswer(body)
  return outcome === 'permit' ? { lifetimeSeconds } : { code: outcome }
}

describe('a clock that is off', () => {
  it.each([-120, -90, -61])('by %i s refuses a token as not valid yet', async (offset) => {
    await using rig = await ServedBench.start()
    expect(await exchangeWithClockOffBy(rig, offset, 900)).toEqual({ code: 'assertion_not_yet_valid' })
  })

  it.each([-60, -30, -1, 0, 1, 30, 60, 90, 120])('by %i s is tolerated', async (offset) => {
    await using rig = await ServedBench.start()
    expect(await exchangeWithClockOffBy(rig, offset, 900)).toEqual({ lifetimeSeconds: 900 - offset })
  })

  it.each([60, 90, 120])('by %i s does not bring an expired token back', async (offset) => {
    await using rig = await ServedBench.start()
    expect(await exchangeWithClockOffBy(rig, offset, 60)).toEqual({ code: 'assertion_expired' })
  })

  it.each([-120, -60, -1, 0, 1, 60, 120])(
    'by %i s never makes a lifetime under 300 s or over that of Okta',
    async (offset) => {
      await using rig = await ServedBench.start()
      for (const secondsLeft of [1, 59, 61, 121, 299, 300, 301, 419, 3_599, 3_600, 3_601, 86_400, 1e9]) {
        const { lifetimeSeconds = 300 } = await exchangeWithClockOffBy(rig, offset, secondsLeft)
        expect(lifetimeSeconds).toBeGreaterThanOrEqual(300)
        expect(lifetimeSeconds).toBeLessThanOrEqual(3_600)
      }
    },
  )

  it('and is set right again, either way, costs no known key', async () => {
    await using rig = await ServedBench.start()
    for (const step of [-7_200_000, 7_200_000, 86_400_000, -86_400_000]) {
      expect(await rig.send()).toEqual({ status: 200, outcome: 'ann@example.com' })
      rig.clock.advance(step)
    }
    expect(await rig.send()).toEqual({ status: 200, outcome: 'ann@example.com' })
  })
})
