import { ManualClock } from '@behalf/testing'
import { describe, expect, it, test } from 'vitest'
import { inTime, late, pause, unlessAborted, waitFor } from '../../src/time/in-time.ts'

const never = new Promise<never>(() => undefined)

describe('waitFor', () => {
  test('brings what comes in time, and leaves nothing behind', async () => {
    const clock = new ManualClock()
    const { signal } = new AbortController()
    expect(await waitFor(Promise.resolve('value'), { clock, timeoutMs: 100, signal })).toBe('value')
    expect(clock.pending).toBe(0)
  })

  test('throws what the promise rejects with', async () => {
    const clock = new ManualClock()
    const fault = new Error('no')
    await expect(waitFor(Promise.reject(fault), { clock, timeoutMs: 100 })).rejects.toBe(fault)
    expect(clock.pending).toBe(0)
  })

  test('is late at the limit, and not before', async () => {
    const clock = new ManualClock()
    const held = Promise.withResolvers<string>()
    const inTimeFor = waitFor(held.promise, { clock, timeoutMs: 100 })
    clock.advance(99)
    held.resolve('value')
    expect(await inTimeFor).toBe('value')
    const tooLate = waitFor(never, { clock, timeoutMs: 100 })
    clock.advance(100)
    expect(await tooLate).toBe(late)
  })

  it.each([
    ['before', true],
    ['meanwhile', false],
  ])('is late when its signal was aborted %s', async (_when, before) => {
    const clock = new ManualClock()
    const abort = new AbortController()
    if (before) abort.abort()
    const waiting = waitFor(never, { clock, timeoutMs: 100, signal: abort.signal })
    abort.abort()
    expect(await waiting).toBe(late)
    expect(clock.pending).toBe(0)
  })

  test('cares for what fails after the limit, so that it is no unhandled rejection', async () => {
    const clock = new ManualClock()
    const held = Promise.withResolvers<never>()
    const waiting = waitFor(held.promise, { clock, timeoutMs: 100 })
    clock.advance(100)
    held.reject(new Error('no'))
    expect(await waiting).toBe(late)
  })
})

describe('inTime', () => {
  test('aborts the signal of work that takes too long, and waits no longer whatever it does about it', async () => {
    const clock = new ManualClock()
    const signals: AbortSignal[] = []
    const working = inTime(
      (signal) => {
        signals.push(signal)
        return never
      },
      { clock, timeoutMs: 100 },
    )
    expect(signals[0]?.aborted).toBe(false)
    clock.advance(100)
    expect(signals[0]?.aborted).toBe(true)
    expect(signals[0]?.reason).toMatchObject({ name: 'TimeoutError' })
    expect(await working).toBe(late)
  })

  test('aborts the signal when the limit has a signal that is aborted', async () => {
    const abort = new AbortController()
    const signals: AbortSignal[] = []
    const limit = { clock: new ManualClock(), timeoutMs: 100, signal: abort.signal }
    const working = inTime((signal) => {
      signals.push(signal)
      return never
    }, limit)
    abort.abort()
    expect(signals[0]?.aborted).toBe(true)
    expect(await working).toBe(late)
  })

  test('leaves the signal of work that ends in time alone', async () => {
    const clock = new ManualClock()
    const signals: AbortSignal[] = []
    const worked = await inTime(
      (signal) => {
        signals.push(signal)
        return 'value'
      },
      { clock, timeoutMs: 100 },
    )
    expect(worked).toBe('value')
    clock.advance(200)
    expect(signals[0]?.aborted).toBe(false)
  })

  test('takes what is thrown at once for a failure', async () => {
    const clock = new ManualClock()
    const fault = new Error('no')
    const working = inTime(
      () => {
        throw fault
      },
      { clock, timeoutMs: 100 },
    )
    await expect(working).rejects.toBe(fault)
    expect(clock.pending).toBe(0)
  })
})

describe('unlessAborted', () => {
  test('waits for a promise', async () => {
    expect(await unlessAborted(Promise.resolve(1), undefined)).toBe(1)
    expect(await unlessAborted(Promise.resolve(1), new AbortController().signal)).toBe(1)
  })

  it.each([true, false])('throws the reason of its signal (aborted before: %s)', async (before) => {
    const abort = new AbortController()
    const reason = new Error('enough')
    if (before) abort.abort(reason)
    const waiting = unlessAborted(never, abort.signal)
    abort.abort(reason)
    await expect(waiting).rejects.toBe(reason)
  })
})

test('a pause ends after its time', async () => {
  const clock = new ManualClock()
  const paused = pause(clock, 100)
  expect(clock.pending).toBe(1)
  clock.advance(100)
  expect(await paused).toBeUndefined()
})
