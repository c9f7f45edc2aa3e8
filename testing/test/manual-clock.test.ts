import { ManualClock } from '@behalf/testing'
import { describe, expect, test } from 'vitest'

describe('ManualClock', () => {
  test('stands still, and calls what falls due in order, at its time', () => {
    const clock = new ManualClock(1_000)
    const calls: (readonly [string, number])[] = []
    clock.schedule(() => calls.push(['second', clock.now()]), 20)
    clock.schedule(() => {
      calls.push(['first', clock.now()])
      clock.schedule(() => calls.push(['from first', clock.now()]), 5)
    }, 10)
    clock.schedule(() => calls.push(['later', clock.now()]), 31)
    clock.advance(30)
    expect(calls).toEqual([
      ['first', 1_010],
      ['from first', 1_015],
      ['second', 1_020],
    ])
    expect([clock.now(), clock.pending]).toEqual([1_030, 1])
  })

  test('calls nothing that was cancelled, and nothing when set back', () => {
    const clock = new ManualClock(1_000)
    let calls = 0
    const cancel = clock.schedule(() => calls++, 10)
    clock.schedule(() => calls++, 20)
    cancel()
    clock.advance(-500)
    clock.advance(510)
    expect([calls, clock.now()]).toEqual([0, 1_010])
    clock.advance(10)
    expect([calls, clock.pending]).toEqual([1, 0])
  })
})
