import type { Terminal } from './command.ts'

const silentMs = 1_000

/** Waits for something and says what is waited for once that takes longer than a second. */
export async function whileWaiting<T>(terminal: Terminal, what: string, work: Promise<T>): Promise<T> {
  const cancel = terminal.clock.schedule(() => terminal.showProgress(`${what} …`), silentMs)
  try {
    return await work
  } finally {
    cancel()
    terminal.showProgress(undefined)
  }
}
