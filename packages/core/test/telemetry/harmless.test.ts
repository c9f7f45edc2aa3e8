import type { Telemetry } from '@behalf/core'
import { asOperation, harmless } from '@behalf/core/internal'
import { expect, onTestFinished, test, vi } from 'vitest'

const fails = (): never => {
  throw new Error('a message that quotes eyJhbGciOi')
}
const failing: Telemetry = { begin: fails, observe: fails }
/** The operation fails before the work, after it, and at its end. */
const failingOperations: readonly Telemetry[] = [
  { begin: () => ({ within: fails, end: fails }), observe: fails },
  {
    begin: () => ({
      within(work) {
        work()
        return fails()
      },
      end: fails,
    }),
    observe: fails,
  },
]

function watchWarnings() {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  onTestFinished(() => warned.mockRestore())
  return () => warned.mock.calls
}

const operation = {
  name: 'behalf.keys.fetch',
  describe: () => ({ attributes: { 'behalf.outcome': 'ok' } }),
} as const

test.each([failing, ...failingOperations])(
  'work is done once, whatever telemetry does',
  async (telemetry) => {
    const warnings = watchWarnings()
    const made = harmless(telemetry)
    let done = 0
    expect(asOperation(made, operation, () => ++done)).toBe(1)
    expect(await asOperation(made, operation, async () => ++done)).toBe(2)
    const broken = new Error('of the work itself')
    expect(() =>
      asOperation(made, operation, (): number => {
        throw broken
      }),
    ).toThrow(broken)
    await expect(asOperation(made, operation, () => Promise.reject(broken))).rejects.toBe(broken)
    made?.observe('behalf.keys.issuers', () => [])
    expect(done).toBe(2)
    expect(warnings()).toEqual([
      ['Telemetry failed; what it was to tell is lost.', { type: 'BehalfWarning', code: 'telemetry_failed' }],
    ])
  },
)

test('work is done once, even when telemetry comes back to it later', () => {
  const put: (() => unknown)[] = []
  const deferring: Telemetry = {
    begin: () => ({
      within(work) {
        put.push(work)
        return fails()
      },
      end: () => undefined,
    }),
    observe: () => undefined,
  }
  watchWarnings()
  let done = 0
  expect(asOperation(harmless(deferring), operation, () => ++done)).toBe(1)
  for (const work of put) work()
  expect(done).toBe(1)
})

test('without telemetry there is nothing around the work', () => {
  expect(harmless(undefined)).toBeUndefined()
  const outcome = {}
  expect(asOperation(undefined, operation, () => outcome)).toBe(outcome)
})
