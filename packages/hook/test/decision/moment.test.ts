import { ManualClock } from '@behalf/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMoments } from '../../src/decision/moment.ts'

it('is written as Date writes it, however time moves', () => {
  const moves = fc.array(fc.oneof(fc.integer({ min: -2_000, max: 2_000 }), fc.constantFrom(0, 0.5, 1e9)))
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), moves, (startMs, steps) => {
      const clock = new ManualClock(startMs)
      const now = createMoments(clock)
      for (const step of [0, ...steps]) {
        if (clock.now() + step >= 0) clock.advance(step)
        expect(now()).toEqual({ epochMs: clock.now(), text: new Date(Math.floor(clock.now())).toISOString() })
      }
    }),
  )
})
