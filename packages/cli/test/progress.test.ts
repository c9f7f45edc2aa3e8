import { describe, expect, it } from 'vitest'
import { whileWaiting } from '../src/terminal/progress.ts'
import { recordedTerminal } from './recorded-terminal.ts'

describe('progress', () => {
  it('is shown once something takes longer than a second', async () => {
    const terminal = recordedTerminal()
    const { promise, resolve } = Promise.withResolvers<string>()
    const waiting = whileWaiting(terminal, 'asking', promise)
    terminal.clock.advance(999)
    expect(terminal.progress).toEqual([])
    terminal.clock.advance(1)
    expect(terminal.progress).toEqual(['asking …'])
    resolve('done')
    expect(await waiting).toBe('done')
  })

  it('is not shown for what fails or ends at once', async () => {
    const terminal = recordedTerminal()
    await expect(whileWaiting(terminal, 'asking', Promise.reject(new Error('no')))).rejects.toThrow('no')
    terminal.clock.advance(5_000)
    expect(terminal.progress).toEqual([])
    expect(terminal.clock.pending).toBe(0)
  })
})
