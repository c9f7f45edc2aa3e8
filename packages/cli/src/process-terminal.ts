import type { Terminal } from './command.ts'

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    env: process.env,
    print: (line) => {
      process.stdout.write(`${line}\n`)
    },
    complain: (line) => {
      process.stderr.write(`${line}\n`)
    },
    stopped: new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    }),
  }
}
