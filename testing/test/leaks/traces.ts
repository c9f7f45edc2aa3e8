import { inspect } from 'node:util'
import { expect, vi } from 'vitest'

/** Stands in everything that must not be seen. */
export const mark = 'MaRkEd-7f3a'

/** Every way in which a careless line of code could write a value down. */
function tracesOf(value: unknown): string {
  const written = [inspect(value, { depth: null, showHidden: true }), String(value), JSON.stringify(value)]
  if (value instanceof Error) {
    const { message, stack, cause } = value
    written.push(
      message,
      String(stack),
      tracesOf(cause),
      JSON.stringify(Object.getOwnPropertyDescriptors(value)),
    )
  }
  return written.join('\n')
}

/** Fails when a value shows the mark or a part of a token. */
export function expectNoTrace(value: unknown, tokens: readonly string[] = []): void {
  const traces = tracesOf(value)
  expect(traces.toLowerCase()).not.toContain(mark.toLowerCase())
  for (const part of tokens.flatMap((token) => token.split('.'))) {
    if (part.length > 15) expect(traces).not.toContain(part)
  }
}

/** Collects what a process would print while something runs. */
export async function printedDuring(run: () => Promise<void>): Promise<string> {
  const printed: unknown[] = []
  const take = (...values: readonly unknown[]): boolean => {
    printed.push(...values)
    return true
  }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(take),
    vi.spyOn(process.stderr, 'write').mockImplementation(take),
    ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(take),
    ),
  ]
  try {
    await run()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return printed.map(tracesOf).join('\n')
}
