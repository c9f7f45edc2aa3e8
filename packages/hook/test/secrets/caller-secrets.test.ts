import { ManualClock } from '@behalf/testing'
import { expect, it } from 'vitest'
import { CallerSecrets } from '../../src/secrets/caller-secrets.ts'
import type { SecretSource } from '../../src/secrets/secret-source.ts'

/** A source whose answer can be changed, and that counts how often it is asked. */
class Vault {
  answer: readonly string[] | Error = ['current-secret-0123456789']
  asked = 0
  readonly source: SecretSource = async () => {
    this.asked++
    if (this.answer instanceof Error) throw this.answer
    return this.answer
  }
}

it('lets a hundred callers that do not authenticate wait for new secrets, and refuses the rest at once', async () => {
  const clock = new ManualClock()
  let fetches = 0
  const source = (): Promise<readonly string[]> =>
    fetches++ === 0 ? Promise.resolve(['old-secret-0123456789']) : new Promise(() => undefined)
  const secrets = new CallerSecrets([source], clock)
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
  expect(secrets.accepts('old-secret-0123456789')).toBe(true)
  clock.advance(800)
  expect(new Set(await Promise.all(asked))).toEqual(new Set([false]))
  expect(fetches).toBe(2)
  expect(await secrets.accepts('another guess')).toBe(false)
})

it('a secret that was taken out of its source counts for ten minutes at most', async () => {
  const clock = new ManualClock()
  const vault = new Vault()
  vault.answer = ['leaked-secret-0123456789', 'current-secret-0123456789']
  const secrets = new CallerSecrets([vault.source], clock)
  await secrets.load()
  vault.answer = ['current-secret-0123456789']
  clock.advance(600_001)
  expect(await secrets.accepts('leaked-secret-0123456789')).toBe(false)
  expect(secrets.accepts('current-secret-0123456789')).toBe(true)
  expect(vault.asked).toBe(2)
})

it('a secret that was taken out does not count for a while because others wait', async () => {
  const clock = new ManualClock()
  const answers = [
    Promise.resolve(['leaked-secret-0123456789']),
    Promise.withResolvers<readonly string[]>(),
  ] as const
  let asked = 0
  const source: SecretSource = () => (asked++ === 0 ? answers[0] : answers[1].promise)
  const secrets = new CallerSecrets([source], clock)
  await secrets.load()
  clock.advance(600_001)
  const guesses = Array.from({ length: 150 }, (_, index) => secrets.accepts(`guess-${index}`))
  const leaked = secrets.accepts('leaked-secret-0123456789')
  answers[1].resolve(['current-secret-0123456789'])
  expect(await leaked).toBe(false)
  expect(new Set(await Promise.all(guesses))).toEqual(new Set([false]))
})

it('asks the source in the background after five minutes, so that no caller waits', async () => {
  const clock = new ManualClock()
  const vault = new Vault()
  const secrets = new CallerSecrets([vault.source], clock)
  await secrets.load()
  clock.advance(299_000)
  expect(secrets.accepts('current-secret-0123456789')).toBe(true)
  expect(vault.asked).toBe(1)
  clock.advance(1_001)
  expect(secrets.accepts('current-secret-0123456789')).toBe(true)
  expect(vault.asked).toBe(2)
  await secrets.load()
  clock.advance(599_000)
  expect(secrets.accepts('current-secret-0123456789')).toBe(true)
})

it('what a source last answered counts for as long as it fails', async () => {
  const clock = new ManualClock()
  const vault = new Vault()
  const secrets = new CallerSecrets([vault.source], clock)
  await secrets.load()
  vault.answer = new Error('the text quotes a secret')
  clock.advance(86_400_000)
  expect(await secrets.accepts('current-secret-0123456789')).toBe(true)
  expect(secrets.fault).toBe('Error was thrown')
  expect(secrets.accepts('current-secret-0123456789')).toBe(true)
})

it('secrets that are configured, and those of another source, count although a source fails', async () => {
  const broken = new Vault()
  broken.answer = new Error('no')
  const vault = new Vault()
  const secrets = new CallerSecrets(
    ['literal-secret-0123456789', broken.source, vault.source],
    new ManualClock(),
  )
  expect(await secrets.load()).toBe('Error was thrown')
  expect(secrets.accepts('literal-secret-0123456789')).toBe(true)
  expect(secrets.accepts('current-secret-0123456789')).toBe(true)
  expect(await secrets.accepts('another')).toBe(false)
})

it('notices a rotation at once, the next one after a minute, and a recovery after three seconds, although the clock was set back', async () => {
  const clock = new ManualClock()
  const vault = new Vault()
  vault.answer = new Error('down')
  const secrets = new CallerSecrets([vault.source], clock)
  await secrets.load()
  vault.answer = ['current-secret-0123456789']
  expect(await secrets.accepts('current-secret-0123456789')).toBe(false)
  clock.advance(-3_600_000)
  expect(await secrets.accepts('current-secret-0123456789')).toBe(true)
  vault.answer = ['rotated-secret-0123456789']
  expect(await secrets.accepts('rotated-secret-0123456789')).toBe(true)
  vault.answer = ['next-secret-0123456789']
  expect(await secrets.accepts('next-secret-0123456789')).toBe(false)
  clock.advance(-3_600_000)
  expect(await secrets.accepts('next-secret-0123456789')).toBe(true)
})

it('asks again when a fetch has ended without a word, timer included, as in a runtime that was frozen', async () => {
  let nowMs = 0
  const clock = { now: () => nowMs, schedule: () => () => undefined }
  let asked = 0
  const source = (): Promise<readonly string[]> =>
    ++asked === 1 ? new Promise(() => undefined) : Promise.resolve(['current-secret-0123456789'])
  const secrets = new CallerSecrets([source], clock)
  void secrets.load()
  nowMs = 3_000
  expect(await secrets.accepts('current-secret-0123456789')).toBe(true)
})

it('a secret that was taken out ends, too, when a freeze has stopped the fetch that would have told', async () => {
  let frozenMs = 0
  const clock = new ManualClock()
  let asked = 0
  let current: readonly string[] = ['leaked-secret-0123456789', 'current-secret-0123456789']
  const source: SecretSource = () => (++asked === 2 ? new Promise(() => undefined) : Promise.resolve(current))
  const secrets = new CallerSecrets([source], {
    now: () => clock.now() + frozenMs,
    schedule: (callback, delayMs) => clock.schedule(callback, delayMs),
  })
  await secrets.load()
  clock.advance(301_000)
  expect(secrets.accepts('leaked-secret-0123456789')).toBe(true)
  current = ['current-secret-0123456789']
  frozenMs = 6 * 3_600_000
  // The timer that fell due meanwhile runs before anything else.
  clock.advance(800)
  await new Promise(setImmediate)
  expect(await secrets.accepts('leaked-secret-0123456789')).toBe(false)
})

it('a fetch in the background that has ended without a word is followed by another at once', async () => {
  let nowMs = 0
  const clock = { now: () => nowMs, schedule: () => () => undefined }
  let asked = 0
  const source: SecretSource = () => {
    asked++
    if (asked === 2) return new Promise(() => undefined)
    return Promise.resolve([asked === 1 ? 'leaked-secret-0123456789' : 'current-secret-0123456789'])
  }
  const secrets = new CallerSecrets([source], clock)
  await secrets.load()
  nowMs = 595_000
  expect(secrets.accepts('leaked-secret-0123456789')).toBe(true)
  nowMs = 601_000
  expect(await secrets.accepts('leaked-secret-0123456789')).toBe(false)
  expect(asked).toBe(3)
})

it('the fault of a fetch that was given up does not stand for what a later one has brought', async () => {
  let nowMs = 0
  const clock = { now: () => nowMs, schedule: () => () => undefined }
  const first = Promise.withResolvers<readonly string[]>()
  let asked = 0
  const source: SecretSource = () =>
    ++asked === 1 ? first.promise : Promise.resolve(['current-secret-0123456789'])
  const secrets = new CallerSecrets([source], clock)
  void secrets.load()
  nowMs = 3_000
  expect(await secrets.accepts('current-secret-0123456789')).toBe(true)
  first.reject(new Error('reset'))
  await new Promise(setImmediate)
  expect(secrets.fault).toBeUndefined()
})

it('never tells a name that could quote something', async () => {
  const vault = new Vault()
  vault.answer = Object.assign(new Error('no'), { name: 'the secret is hook-secret-0123456789' })
  const secrets = new CallerSecrets([vault.source], new ManualClock())
  expect(await secrets.load()).toBe('Error was thrown')
})
