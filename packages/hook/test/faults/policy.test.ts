import type { PolicyFunction } from '@behalf/hook'
import { hookEvent } from '@behalf/testing'
import { deadlineMs, ServedBench } from '@behalf/testing/hook'
import { describe, expect, it } from 'vitest'

const permit = { decision: 'permit' } as const

/** Policies as operators could write them by mistake: what the types forbid, JavaScript allows. */
const broken: readonly (readonly [name: string, policy: (...args: never[]) => unknown])[] = [
  ['hangs', () => new Promise(() => undefined)],
  [
    'throws',
    () => {
      throw new Error('no')
    },
  ],
  [
    'throws something that is no error',
    () => {
      throw permit
    },
  ],
  ['rejects', () => Promise.reject(new Error('no'))],
  ['rejects with a permit', () => Promise.reject(permit)],
  ['answers nothing', () => undefined],
  ['answers null', () => null],
  ['answers true', () => true],
  ['answers a word', () => 'permit'],
  ['answers a list', () => [permit]],
  ['answers an object without a decision', () => ({})],
  ['answers another decision', () => ({ decision: 'PERMIT' })],
  ['answers a decision of another type', () => ({ decision: true })],
  ['answers a promise in an object', () => ({ decision: Promise.resolve('permit') })],
  // biome-ignore lint/suspicious/noThenProperty: that is what is wrong with it
  ['answers a promise that never settles', () => ({ ...permit, then: () => undefined })],
  [
    'answers a promise that cannot be awaited',
    () => ({
      // biome-ignore lint/suspicious/noThenProperty: that is what is wrong with it
      get then() {
        throw new Error('no')
      },
    }),
  ],
]

describe('while a policy decides', () => {
  it('the assertion can end, which is noticed', async () => {
    await using rig: ServedBench = await ServedBench.start({
      policy: () => {
        rig.clock.advance(700)
        return permit
      },
    })
    await rig.hook.load()
    const ending = rig.sign({ exp: rig.clock.seconds + 1 })
    rig.clock.advance(500)
    expect(await rig.send(ending)).toEqual({ status: 200, outcome: 'assertion_expired' })
  })

  it('the clock can be set back, which puts nothing off', async () => {
    await using rig: ServedBench = await ServedBench.start({
      limits: { policyTimeoutMs: 2_500 },
      policy: () => new Promise(() => undefined),
    })
    await rig.hook.load()
    const headers = new Map([['authorization', ['hook-secret-0123456789']]])
    const arrivedAtMs = rig.clock.now() + 30_000
    const answered = rig.hook.handle({
      headers,
      arrivedAtMs,
      body: JSON.stringify(hookEvent({ assertion: rig.sign() })),
    })
    await new Promise(setImmediate)
    rig.clock.advance(deadlineMs)
    expect((await answered).body).toContain('deadline_exceeded')
    expect(rig.records.at(-1)?.durationMs).toBe(0)
  })
})

describe('a policy that', () => {
  it.concurrent.each(broken)('%s is a denial in time', async (_, policy) => {
    await using rig = await ServedBench.start({ policy: policy as PolicyFunction })
    const { elapsedMs, ...answered } = await rig.exchange()
    expect(answered).toEqual({ status: 200, outcome: 'policy_unavailable' })
    expect(elapsedMs).toBeLessThan(deadlineMs)
  })

  it('has a decision that throws when it is read is a denial', async () => {
    const policy = (): { decision: 'permit' } => ({
      get decision(): 'permit' {
        throw new Error('no')
      },
    })
    await using rig = await ServedBench.start({ policy })
    expect(await rig.send()).toEqual({ status: 200, outcome: 'policy_unavailable' })
  })

  it('permits after its time changes nothing any more, and the next one that is in time counts', async () => {
    const answers: ((decision: typeof permit) => void)[] = []
    const policy: PolicyFunction = () => new Promise((resolve) => answers.push(resolve))
    await using rig = await ServedBench.start({ policy })
    expect(await rig.exchange()).toMatchObject({ outcome: 'policy_unavailable' })
    answers.shift()?.(permit)
    const next = rig.send()
    await expect.poll(() => answers.length).toBe(1)
    answers.shift()?.(permit)
    expect(await next).toEqual({ status: 200, outcome: 'ann@example.com' })
  })

  it('rejects after its time has its rejection handled', async () => {
    const rejections: ((error: Error) => void)[] = []
    const policy: PolicyFunction = () => new Promise((_, reject) => rejections.push(reject))
    const unhandled: unknown[] = []
    const listener = (error: unknown): number => unhandled.push(error)
    process.on('unhandledRejection', listener)
    await using rig = await ServedBench.start({ policy })
    expect(await rig.exchange()).toMatchObject({ outcome: 'policy_unavailable' })
    rejections.shift()?.(new Error('too late'))
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
  })

  it('may take as long as it likes never outlasts the deadline, and is told that it is over', async () => {
    let aborted = false
    const policy: PolicyFunction = (_, signal) =>
      new Promise(() =>
        signal.addEventListener('abort', () => {
          aborted = true
        }),
      )
    await using rig = await ServedBench.start({ policy, limits: { deadlineMs: 500, policyTimeoutMs: 2_500 } })
    expect(await rig.exchange()).toMatchObject({ status: 200, outcome: 'deadline_exceeded' })
    expect(rig.records.at(-1)?.durationMs).toBe(500)
    expect(aborted).toBe(true)
  })

  it('keeps the process busy past the deadline ends in a denial, even if it permits', async () => {
    const held: { rig?: ServedBench } = {}
    const policy: PolicyFunction = () => {
      held.rig?.clock.advance(2_000)
      return permit
    }
    await using rig = await ServedBench.start({ policy })
    held.rig = rig
    expect(await rig.send()).toEqual({ status: 200, outcome: 'deadline_exceeded' })
  })

  it('changes what it is given changes nothing', async () => {
    const policy: PolicyFunction = (delegation) => {
      Object.assign(delegation.subject, { id: 'root@example.com' })
      return permit
    }
    await using rig = await ServedBench.start({ policy })
    expect(await rig.send()).toEqual({ status: 200, outcome: 'policy_unavailable' })
  })
})
