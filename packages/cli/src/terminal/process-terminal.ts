import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { systemClock } from '@behalf/core'
import type { Terminal } from './command.ts'

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process
  bearFailingOutput([stdout, stderr])
  let progress = false
  const clearProgress = (): void => {
    if (progress) stderr.write('\r\u001b[K')
    progress = false
  }
  return {
    env,
    clock: systemClock,
    // https://no-color.org: any value that is not empty switches colours off.
    colours: stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    columns: stdout.columns ?? 160,
    print: (line) => {
      clearProgress()
      stdout.write(`${line}\n`)
    },
    complain: (line) => {
      clearProgress()
      stderr.write(`${line}\n`)
    },
    showProgress: (line) => {
      if (stderr.isTTY !== true) return
      clearProgress()
      if (line === undefined) return
      stderr.write(line)
      progress = true
    },
    readInput: () => text(stdin),
    ask: stdin.isTTY === true && stdout.isTTY === true ? askPerson : undefined,
    stopped: new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
      // A process that was started by another one with a channel between them ends with it.
      process.once('disconnect', () => resolve())
      if (env['npm_command'] !== undefined) watchParent(resolve)
    }),
  }
}

/**
 * What was asked for is done although nobody reads on, as in `behalf inspect … | head -1`, or there is no space left,
 * which the exit code tells. An exception would end commands, and keep a hook busy with telling of it on the same stream.
 */
function bearFailingOutput(streams: readonly NodeJS.WriteStream[]): void {
  let isIncomplete = false
  for (const stream of streams) {
    stream.on('error', (error) => {
      isIncomplete ||= !('code' in error && error.code === 'EPIPE')
    })
  }
  process.once('exit', (code) => {
    if (isIncomplete && code === 0) process.exitCode = 1
  })
}

/**
 * npm and npx do not pass on the signal that ends them; what they had started would go on without anybody
 * knowing. A process whose parent has gone gets another one.
 */
function watchParent(onGone: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, 200)
  timer.unref()
}

async function askPerson(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await lines.question(question)
  } finally {
    lines.close()
  }
}
