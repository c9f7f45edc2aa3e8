import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { runInThisContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { describeError } from '../../src/errors/internal-error.ts'

describe('what is told of an error', () => {
  it('is neither its message, however that looks, nor a name that is no class', () => {
    const error = new Error('line 1\n    at line 2: HOOK_SECRET=hunter2')
    error.name = 'token=hunter2'
    const told = describeError(error)
    expect(told.name).toBe('Error')
    expect(told.frames.length).toBeGreaterThan(0)
    expect(JSON.stringify(told)).not.toContain('hunter2')
  })

  const failing = (run: () => unknown): unknown => {
    try {
      return run()
    } catch (error) {
      return error
    }
  }

  it.each<[string, () => unknown, object]>([
    [
      'of a file that is not there',
      () => readFileSync('/nowhere/client.crt'),
      { code: 'ENOENT', message: "ENOENT: no such file or directory, open '/nowhere/client.crt'" },
    ],
    [
      'of a package that is not there',
      () => createRequire(import.meta.url)('behalf-nowhere'),
      { code: 'MODULE_NOT_FOUND', message: "Cannot find module 'behalf-nowhere'" },
    ],
    [
      'of what a bundle cannot require',
      () => {
        throw new Error('Dynamic require of "crypto" is not supported')
      },
      { message: 'Dynamic require of "crypto" is not supported' },
    ],
    [
      'of a name that is not defined',
      () => runInThisContext('behalfNowhere'),
      { name: 'ReferenceError', message: 'behalfNowhere is not defined' },
    ],
  ])('is code and message %s', (_, run, told) => {
    expect(describeError(failing(run))).toMatchObject(told)
  })

  it.each<[string, () => unknown]>([
    ['a secret where a file was asked for', () => readFileSync('hunter2hunter2hunter2')],
    ['a key where a file was asked for', () => readFileSync('-----BEGIN PRIVATE KEY-----\nhunter2')],
    ['a token where a file was asked for', () => readFileSync(`eyJh.eyJz.${'hunter2'.repeat(9)}`)],
    ['JSON that is none', () => JSON.parse('hunter2')],
    ['a literal', () => runInThisContext('"hunter2"()')],
    ['an argument', () => Buffer.alloc(Object('hunter2'))],
    [
      'whatever a library says, with a code',
      () => {
        throw Object.assign(new Error('bad token hunter2'), { code: 'EBADTOKEN' })
      },
    ],
  ])('is not %s', (_, run) => {
    const { frames, ...told } = describeError(failing(run))
    expect(told.name).toMatch(/Error$/)
    expect(JSON.stringify(told)).not.toMatch(/hunter2|BEGIN|eyJ/)
  })
})
