import { ManualClock } from '@behalf/testing'
import { describe, expect, it, test } from 'vitest'
import { fail, pass, type Result } from '../../src/result.ts'
import type { Clock } from '../../src/time/clock.ts'
import { KeptFresh, type KeptFreshOptions } from '../../src/time/kept-fresh.ts'
import { Places } from '../../src/time/places.ts'

const never = new Promise<never>(() => undefined)
const limits = {
  maxAgeMs: 1_000,
  refreshAfterMs: 500,
  staleForMs: 10_000,
  retryAfterMs: 30,
  missCooldownMs: 100,
  fetchTimeoutMs: 40,
}

/** A source whose answer can be changed, and that counts how often it is asked. */
class Source {
  answer: Promise<Result<string, string>> | Result<string, string> = pass('first')
  readonly signals: AbortSignal[] = []

  get asked(): number {
    return this.signals.length
  }
}

function keep(options: Partial<KeptFreshOptions<string, string>> = {}): {
  source: Source
  clock: ManualClock
  kept: KeptFresh<string, string>
} {
  const source = new Source()
  const clock = new ManualClock()
  const kept = new KeptFresh<string, string>({
    ...limits,
    clock,
    fetch: async (signal) => {
      source.signals.push(signal)
      return source.answer
    },
    lateFault: () => 'late',
    ...options,
  })
  return { source, clock, kept }
}

describe('a value that is kept fresh', () => {
  test('is not there before it is used, then for as long as it is young', async () => {
    const { source, clock, kept } = keep()
    expect([kept.value, kept.fault, source.asked]).toEqual([undefined, undefined, 0])
    expect(await kept.fresh()).toBe('first')
    source.answer = pass('second')
    clock.advance(500)
    expect(kept.peek()).toBe('first')
    expect(source.asked).toBe(1)
    expect(clock.pending).toBe(0)
  })

  test('is fetched anew in the background before it is too old, by one fetch', async () => {
    const { source, clock, kept } = keep()
    await kept.load()
    source.answer = pass('second')
    clock.advance(501)
    expect([kept.peek(), kept.peek()]).toEqual(['first', 'first'])
    await kept.load()
    expect([kept.peek(), source.asked, kept.askedAt]).toEqual(['second', 2, clock.now()])
  })

  test('is waited for when it is too old', async () => {
    const { source, clock, kept } = keep()
    await kept.load()
    source.answer = pass('second')
    clock.advance(1_001)
    expect(kept.peek()).toBeUndefined()
    expect(await Promise.all([kept.fresh(), kept.fresh()])).toEqual(['second', 'second'])
    expect(source.asked).toBe(2)
  })

  test('grows no younger when the clock is set back', async () => {
    const { source, clock, kept } = keep()
    await kept.load()
    source.answer = pass('second')
    clock.advance(-3_600_000)
    expect(kept.peek()).toBeUndefined()
    expect(await kept.fresh()).toBe('second')
  })

  test('is as old as the question that brought it, not as the answer', async () => {
    const { source, clock, kept } = keep({ fetchTimeoutMs: 5_000 })
    const held = Promise.withResolvers<Result<string, string>>()
    source.answer = held.promise
    const loading = kept.load()
    clock.advance(700)
    held.resolve(pass('first'))
    await loading
    source.answer = never
    clock.advance(301)
    expect(kept.peek()).toBeUndefined()
  })
})

describe('while its source fails', () => {
  test('serves within its bound, without anybody waiting, and is asked for after a pause', async () => {
    const { source, clock, kept } = keep()
    await kept.load()
    source.answer = fail('down')
    clock.advance(1_001)
    expect(await kept.fresh()).toBe('first')
    expect([kept.fault, source.asked]).toEqual(['down', 2])
    expect(kept.peek()).toBe('first')
    clock.advance(29)
    expect([kept.peek(), source.asked]).toEqual(['first', 2])
    source.answer = pass('second')
    clock.advance(1)
    expect([kept.peek(), source.asked]).toEqual(['first', 3])
    await kept.load()
    expect([kept.peek(), kept.fault]).toEqual(['second', undefined])
  })

  test('ends at its bound', async () => {
    const { source, clock, kept } = keep()
    await kept.load()
    source.answer = fail('down')
    clock.advance(10_000)
    expect(await kept.fresh()).toBe('first')
    clock.advance(1)
    expect([kept.peek(), kept.value, await kept.fresh()]).toEqual([undefined, undefined, undefined])
  })

  test('is waited for again once the failure is long past, so that what was withdrawn does not serve', async () => {
    const { source, clock, kept } = keep()
    await kept.load()
    source.answer = fail('down')
    clock.advance(1_001)
    await kept.fresh()
    source.answer = pass('second')
    clock.advance(5_000)
    expect(kept.peek()).toBeUndefined()
    expect(await kept.fresh()).toBe('second')
  })

  test('gives a fetch up after its time, aborts it, and asks again at once', async () => {
    const { source, clock, kept } = keep()
    source.answer = never
    const loading = kept.load()
    clock.advance(40)
    await loading
    expect([kept.fault, source.signals[0]?.aborted]).toEqual(['late', true])
    source.answer = pass('first')
    expect(await kept.fresh()).toBe('first')
  })
})

describe('uses that wait', () => {
  test('wait no longer than they may; the fetch goes on', async () => {
    const { source, clock, kept } = keep({ waitMs: 10 })
    const held = Promise.withResolvers<Result<string, string>>()
    source.answer = held.promise
    const waiting = kept.fresh()
    clock.advance(10)
    expect(await waiting).toBeUndefined()
    held.resolve(pass('first'))
    await kept.load()
    expect([kept.peek(), source.asked]).toEqual(['first', 1])
  })

  test('go on at once without a place', async () => {
    const { source, kept } = keep({ places: new Places(1) })
    const held = Promise.withResolvers<Result<string, string>>()
    source.answer = held.promise
    const waiting = kept.fresh()
    expect([await kept.fresh(), await kept.askAgain()]).toEqual([undefined, false])
    held.resolve(pass('first'))
    expect(await waiting).toBe('first')
  })
})

describe('something that the value lacks', () => {
  test('makes its source be asked, and not again for a while', async () => {
    const { source, clock, kept } = keep()
    await kept.load()
    expect([await kept.askAgain(), await kept.askAgain(), source.asked]).toEqual([true, true, 2])
    clock.advance(100)
    expect([await kept.askAgain(), source.asked]).toEqual([true, 3])
  })

  test('gets through after a fetch that had another reason', async () => {
    const { source, kept } = keep()
    await kept.load()
    source.answer = pass('second')
    await kept.askAgain()
    expect(kept.peek()).toBe('second')
  })

  test('is not taken for missing while the source fails', async () => {
    const { source, clock, kept } = keep()
    await kept.load()
    source.answer = fail('down')
    expect(await kept.askAgain()).toBe(false)
    source.answer = pass('second')
    clock.advance(30)
    expect([await kept.askAgain(), kept.value]).toEqual([true, 'second'])
  })

  test('is asked for although the clock was set back', async () => {
    const { source, clock, kept } = keep()
    await kept.askAgain()
    source.answer = pass('second')
    clock.advance(-3_600_000)
    await kept.askAgain()
    expect(kept.value).toBe('second')
  })
})

describe('in a runtime that stood still', () => {
  /** A clock whose time can jump, and whose timers may be lost. */
  const jumping = (clock: ManualClock, state: { frozenMs: number; timers: boolean }): Clock => ({
    now: () => clock.now() + state.frozenMs,
    schedule: (callback, delayMs) => (state.timers ? clock.schedule(callback, delayMs) : () => undefined),
  })

  it.each([true, false])(
    'a fetch that was stopped says nothing about the source (timers run: %s)',
    async (timers) => {
      const manual = new ManualClock()
      const state = { frozenMs: 0, timers }
      const { source, kept } = keep({ clock: jumping(manual, state) })
      await kept.load()
      manual.advance(600)
      source.answer = never
      expect(kept.peek()).toBe('first')
      source.answer = pass('second')
      state.frozenMs = 5_000
      // Timers that fell due meanwhile run before anything else.
      manual.advance(40)
      await new Promise(setImmediate)
      expect(kept.peek()).toBeUndefined()
      expect([await kept.fresh(), source.asked]).toEqual(['second', 3])
    },
  )

  test('what a fetch brings that was given up counts no longer, nor does its fault', async () => {
    const manual = new ManualClock()
    const state = { frozenMs: 0, timers: false }
    const { source, kept } = keep({ clock: jumping(manual, state) })
    const first = Promise.withResolvers<Result<string, string>>()
    source.answer = first.promise
    void kept.load()
    state.frozenMs = 5_000
    source.answer = pass('second')
    expect(await kept.fresh()).toBe('second')
    first.resolve(fail('reset'))
    await new Promise(setImmediate)
    expect([kept.value, kept.fault]).toEqual(['second', undefined])
  })
})
