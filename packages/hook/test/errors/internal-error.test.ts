import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { callOut } from '../../src/errors/call-out.ts'
import { describeError } from '../../src/errors/internal-error.ts'

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

describe('what is told of an error', () => {
  it('is neither its message, however that looks, nor a name that is no class', () => {
    const error = new Error('line 1\n    at line 2: HOOK_SECRET=hunter2')
    error.name = 'token=hunter2'
    const told = describeError(error)
    expect(told.name).toBe('Error')
    expect(told.frames.length).toBeGreaterThan(0)
    expect(JSON.stringify(told)).not.toContain('hunter2')
  })
})
