import { expect, test } from 'vitest'
import { Places } from '../../src/time/places.ts'

test('no more than there are can be taken, until one is given back', () => {
  const places = new Places(2)
  expect([places.take(), places.take(), places.take()]).toEqual([true, true, false])
  expect(places.areTaken).toBe(true)
  places.release()
  expect(places.areTaken).toBe(false)
  expect([places.take(), places.take()]).toEqual([true, false])
})

test('a place is given back however the work in it ends', async () => {
  const places = new Places(1)
  const held = Promise.withResolvers<void>()
  const working = places.during(() => held.promise)
  expect(await places.during(() => Promise.reject(new Error('never called')))).toBe(false)
  held.resolve()
  expect(await working).toBe(true)
  await expect(places.during(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await places.during(async () => undefined)).toBe(true)
})
