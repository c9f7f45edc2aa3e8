import { type BehalfConfig, createHook, type Hook } from '@behalf/hook'
import { hookEvent, ManualClock, TestIssuer, userClaims } from '@behalf/testing'
import { authenticated } from '@behalf/testing/hook'
import { tellingPolicy } from '@behalf/testing/telling-policy'
import { expect, it } from 'vitest'

async function setUp(verifiedTokens?: BehalfConfig['verifiedTokens']) {
  const issuer = await TestIssuer.start()
  const clock = new ManualClock()
  const hook: Hook = createHook(
    {
      authenticate: { secrets: ['hook-secret-0123456789'] },
      issuers: [{ issuer: issuer.issuer, audiences: ['api://a'] }],
      clients: { '0oaApiA': { audiences: ['api://a'] } },
      policy: tellingPolicy(),
      verifiedTokens,
    },
    { clock },
  )
  const token = issuer.sign(userClaims(clock.seconds, { policy: 'tell', nbf: clock.seconds }))
  /** `permit`, or the code of the denial: `policy_denied` says that the token is known. */
  const present = async (): Promise<string> => {
    const { body } = await hook.handle(authenticated(hookEvent({ assertion: token })))
    return JSON.parse(body).debugContext?.code ?? 'permit'
  }
  return { clock, present, [Symbol.asyncDispose]: () => issuer.close() }
}

it('remembers a token, unless that is too much', async () => {
  await using remembering = await setUp()
  expect(await remembering.present()).toBe('permit')
  expect(await remembering.present()).toBe('policy_denied')
  await using forgetful = await setUp(false)
  expect(await forgetful.present()).toBe('permit')
  expect(await forgetful.present()).toBe('permit')
})

it('judges anew what a clock that was set back has judged, by the time that it is now', async () => {
  await using bed = await setUp()
  const { clock, present } = bed
  await present()
  clock.advance(-30_000)
  expect(await present()).toBe('permit')
  expect(await present()).toBe('policy_denied')
  clock.advance(-31_000)
  expect(await present()).toBe('assertion_not_yet_valid')
  clock.advance(61_000)
  expect(await present()).toBe('permit')
})
