import { expect, it } from 'vitest'
import { UsedSeals } from '../../src/sealing/used-seals.ts'

it('lets each seal of each client be used once', () => {
  const used = new UsedSeals(10)
  expect(used.claim('a', '1', 100, 0)).toBeUndefined()
  expect(used.claim('a', '1', 100, 0)).toBe('seal_replayed')
  // The same id at another second is the same seal to whoever counts ids.
  expect(used.claim('a', '1', 101, 0)).toBe('seal_replayed')
  expect(used.claim('b', '1', 100, 0)).toBeUndefined()
  expect(used.claim('a","1', '', 100, 0)).toBeUndefined()
})

it('remembers a seal for as long as it is accepted, and has its place back then', () => {
  const used = new UsedSeals(1)
  expect(used.claim('a', '1', 100, 40)).toBeUndefined()
  expect(used.claim('a', '1', 100, 100)).toBe('seal_replayed')
  expect(used.claim('a', '2', 200, 100)).toBe('overloaded')
  expect(used.claim('a', '2', 200, 101)).toBeUndefined()
})

it('evicts nothing when it is full, so that a flood makes no room for a replay', () => {
  const used = new UsedSeals(100)
  for (let index = 0; index < 1_000; index++)
    expect(used.claim('a', String(index), 100, 0)).toBe(index < 100 ? undefined : 'overloaded')
  expect(used.claim('a', '0', 100, 0)).toBe('seal_replayed')
})

it('takes no seal that has expired in the meantime, which it would forget before others', () => {
  expect(new UsedSeals(1).claim('a', '1', 100, 100.5)).toBe('seal_expired')
})

it('frees nothing early when the clock is set back, and accepts nothing that it has forgotten', () => {
  const used = new UsedSeals(10)
  expect(used.claim('a', '1', 100, 50)).toBeUndefined()
  expect(used.claim('a', '1', 100, 10)).toBe('seal_replayed')
  // The clock runs ahead, and is set right.
  expect(used.claim('a', '2', 4_000, 3_900)).toBeUndefined()
  expect(used.claim('a', '1', 100, 50)).toBe('seal_expired')
  expect(used.claim('a', '3', 101, 50)).toBeUndefined()
  expect(used.claim('a', '2', 4_000, 50)).toBe('seal_replayed')
})
