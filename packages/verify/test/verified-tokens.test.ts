import type { Verifier } from '@behalf/verify'
import { expect, it } from 'vitest'
import { refusalOf, TestBed } from './setup.ts'

const bed = TestBed.forFile()

/** Whether a token is known: whoever brings it is given the very claims that were read before. */
async function isKnown(verifier: Verifier, token: string, claims: object): Promise<boolean> {
  return (await verifier.verify(token)).claims === claims
}

it('remembers no more tokens than it may, whatever it is shown', async () => {
  const verifier = bed.verifier({ verifiedTokens: { maxEntries: 4 } })
  const tokens = Array.from({ length: 20 }, (_, index) => bed.delegated({ jti: `AT.${index}` }))
  const shown: (readonly [token: string, claims: object])[] = []
  for (const token of tokens) shown.push([token, (await verifier.verify(token)).claims])
  let known = 0
  // The last one first, because each that is not known takes the place of another.
  for (const [token, claims] of shown.toReversed()) if (await isKnown(verifier, token, claims)) known++
  expect(known).toBeGreaterThan(0)
  expect(known).toBeLessThanOrEqual(4)
})

it('remembers none where that is too much', async () => {
  const verifier = bed.verifier({ verifiedTokens: false })
  const token = bed.delegated()
  expect(await isKnown(verifier, token, (await verifier.verify(token)).claims)).toBe(false)
})

it('judges anew what a clock that was set back has judged, by the time that it is now', async () => {
  const verifier = bed.verifier({ clockToleranceSeconds: 60 })
  const token = bed.delegated({ nbf: bed.clock.seconds })
  const { claims } = await verifier.verify(token)
  expect(await isKnown(verifier, token, claims)).toBe(true)
  bed.clock.advance(-30_000)
  expect(await isKnown(verifier, token, claims)).toBe(false)
  bed.clock.advance(-31_000)
  expect(await refusalOf(verifier.verify(token))).toMatchObject({
    code: 'token_invalid',
    detail: expect.stringContaining('nbf is in the future'),
  })
  bed.clock.advance(61_000)
  expect((await verifier.verify(token)).claims).toEqual(claims)
})

it('shows nobody what somebody else has written', async () => {
  const verifier = bed.verifier()
  const token = bed.delegated({ list: [{ of: 'one' }] })
  const first = await verifier.verify(token)
  expect(Reflect.set(first.claims, 'sub', 'root@example.com')).toBe(false)
  expect(Reflect.deleteProperty(first.claims, 'exp')).toBe(false)
  expect(Reflect.set(Object(first.claims['list'])[0], 'of', 'another')).toBe(false)
  Reflect.set(first.scopes, first.scopes.length, 'admin')
  Reflect.set(first.actor, 'sub', '0oaRoot')
  const second = await verifier.verify(token)
  expect(second).toMatchObject({
    subject: 'ann@example.com',
    scopes: ['orders:read'],
    actor: { sub: '0oaApiA' },
    expiresAt: bed.clock.seconds + 300,
  })
  expect(second.claims['list']).toEqual([{ of: 'one' }])
})
