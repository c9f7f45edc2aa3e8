import { expect, test } from 'vitest'
import { lost, SharedWork } from '../../src/time/shared-work.ts'

test('gives all who wait what the work comes to', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  let begun = 0
  const work = new SharedWork(() => {
    begun++
    return promise
  })
  const waiting = [work.wait(), work.wait()]
  expect(work.hasLanded).toBe(false)
  resolve('done')
  expect(await Promise.all([...waiting, work.wait()])).toEqual(['done', 'done', 'done'])
  expect([work.hasLanded, begun]).toEqual([true, 1])
})

test('gives all who wait the error that the work ends with', async () => {
  const work = new SharedWork(async () => {
    throw new RangeError('no')
  })
  await expect(work.wait()).rejects.toThrow(RangeError)
  await expect(work.wait()).rejects.toThrow(RangeError)
})

test('waits for work that takes longer than the beats it may miss', async () => {
  const work = new SharedWork(() => new Promise((resolve) => setTimeout(resolve, 400, 'late')))
  expect(await Promise.all([work.wait(), work.wait()])).toEqual(['late', 'late'])
})

test('takes nobody for gone although the process stands still', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const work = new SharedWork(() => promise)
  const waiting = work.wait()
  for (let round = 0; round < 5; round++) {
    const until = Date.now() + 120
    while (Date.now() < until);
    await new Promise((next) => setImmediate(next))
  }
  resolve('done')
  expect(await waiting).not.toBe(lost)
})
