import { runInNewContext } from 'node:vm'
import { callOut } from '@behalf/core/internal'
import { describe, expect, it } from 'vitest'

describe('calling out', () => {
  it.each<[string, () => unknown]>([
    ['throws', () => runInNewContext('throw new Error("no")')],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['rejects with a promise of another realm', () => runInNewContext('Promise.reject(new Error("no"))')],
  ])('notices what %s', async (_, call) => {
    const failed = new Promise((resolve) => callOut(call, resolve))
    expect(await failed).toHaveProperty('message', 'no')
  })
})
