import { ManualClock } from '@behalf/testing'
import { expect, it } from 'vitest'
import { TurnEnd } from '../../src/time/turn-end.ts'

function waiting() {
  const clock = new ManualClock()
  const turnEnd = new TurnEnd(clock)
  const order: string[] = []
  const wait = async (name: string): Promise<void> => {
    await turnEnd.reached()
    order.push(name)
  }
  return { clock, turnEnd, order, wait }
}

it('lets those of one turn go on together, in their order, before the next turn', async () => {
  const { order, wait } = waiting()
  const all = [wait('first'), wait('second')]
  await Promise.resolve()
  expect(order).toEqual([])
  await Promise.all(all)
  order.push('turn')
  await wait('third')
  expect(order).toEqual(['first', 'second', 'turn', 'third'])
})

it('lets them go on at the first input after 5 ms, in a turn that is long', async () => {
  const { clock, turnEnd, order, wait } = waiting()
  const first = wait('first')
  clock.advance(4)
  turnEnd.moreInput()
  await Promise.resolve()
  await Promise.resolve()
  expect(order).toEqual([])
  clock.advance(1)
  turnEnd.moreInput()
  const second = wait('second')
  setImmediate(() => order.push('end of the turn'))
  await first
  expect(order).toEqual(['first'])
  await second
  expect(order[1]).toBe('second')
})
