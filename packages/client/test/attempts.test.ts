import { expect, test } from 'vitest'
import { type Attempt, Attempts } from '../src/cache/attempts.ts'
import { SingleFlight } from '../src/cache/single-flight.ts'

const never = new Promise<never>(() => undefined)

/** An attempt that its request takes along, as on Workers. */
function abandon(attempts: Attempts, key: string): Attempt {
  let begun: Attempt | undefined
  void attempts.run(key, (attempt) => {
    begun = attempt
    return never
  })
  if (begun === undefined) throw new Error('it did not begin')
  return begun
}

test('what is left of attempts that never end is bounded, and counts no longer', () => {
  const attempts = new Attempts()
  const first = abandon(attempts, 'a')
  const second = abandon(attempts, 'a')
  for (let n = 0; n < 9_998; n++) abandon(attempts, `${n}`)
  expect([first.outdated, second.outdated]).toEqual([false, false])
  abandon(attempts, 'z')
  expect([first.outdated, second.outdated]).toEqual([true, false])
})

test('an attempt outdates those for its key that began before it, and no other', async () => {
  const attempts = new Attempts()
  const [before, other] = [abandon(attempts, 'a'), abandon(attempts, 'b')]
  const after = await attempts.run('a', async (attempt) => {
    const later = abandon(attempts, 'a')
    attempts.outdate('a', attempt)
    return later
  })
  expect([before.outdated, other.outdated, after.outdated]).toEqual([true, false, false])
  attempts.outdateFamily('a')
  expect([other.outdated, after.outdated]).toEqual([false, true])
})

test('what is left of shared work that never ends is bounded', () => {
  const flights = new SingleFlight<void>()
  const abort = new AbortController()
  for (let n = 0; n <= 10_000; n++) flights.run(`${n}`, () => never, abort.signal).catch(() => undefined)
  expect([flights.has('0'), flights.has('1'), flights.has('10000')]).toEqual([false, true, true])
  abort.abort()
})
