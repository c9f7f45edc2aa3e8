import { ManualClock } from '@behalf/testing'
import { expect, it } from 'vitest'
import { CallerSecrets } from '../../src/secrets/caller-secrets.ts'

it('lets a hundred callers that do not authenticate wait for new secrets, and refuses the rest at once', async () => {
  const clock = new ManualClock()
  let fetches = 0
  const source = (): Promise<readonly string[]> =>
    fetches++ === 0 ? Promise.resolve(['old']) : new Promise(() => undefined)
  const secrets = new CallerSecrets(source, clock)
  await secrets.load()
  clock.advance(60_000)
  const settled: number[] = []
  const asked = Array.from({ length: 150 }, async (_, index) => {
    const accepted = await secrets.accepts(`guess-${index}`)
    settled.push(index)
    return accepted
  })
  await new Promise(setImmediate)
  expect(settled).toEqual(Array.from({ length: 50 }, (_, index) => 100 + index))
  expect(secrets.accepts('old')).toBe(true)
  clock.advance(800)
  expect(new Set(await Promise.all(asked))).toEqual(new Set([false]))
  expect(fetches).toBe(2)
  expect(await secrets.accepts('another guess')).toBe(false)
})
