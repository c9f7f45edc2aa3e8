import type { Clock } from '@behalf/core'
import type { Output, Terminal } from './command.ts'
import { type Line, renderLine } from './line.ts'

/** Returns this process's output; nothing else of it is needed to say how the command line is used. */
export function processOutput(): Output {
  bearFailingOutput([process.stdout, process.stderr])
  return outputTo(() => undefined)
}

/** Returns the terminal of this process. */
export async function processTerminal(clock: Clock): Promise<Terminal> {
  // Loaded only now, because help and version need none of them.
  const { createInterface } = await import('node:readline/promises')
  const { text } = await import('node:stream/consumers')
  const { stdin, stdout, stderr, env } = process
  let progress = false
  const clearProgress = (): void => {
    if (progress) stderr.write('\r\u001b[K')
    progress = false
  }
  const output = outputTo(clearProgress)
  const askPerson = async (question: string): Promise<string> => {
    const lines = createInterface({ input: stdin, output: stdout })
    try {
      return await lines.question(renderLine(question, false).concat(' '))
    } finally {
      lines.close()
    }
  }
  return {
    ...output,
    env,
    clock,
    columns: stdout.columns ?? 160,
    logs: { output: stdout, errors: stderr },
    showProgress: (line) => {
      if (stderr.isTTY !== true) return
      clearProgress()
      if (line === undefined) return
      stderr.write(renderLine(line, false))
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

function outputTo(beforehand: () => void): Output {
  const { stdout, stderr, env } = process
  // https://no-color.org: any value that is not empty switches colours off.
  const hasColours = (stream: NodeJS.WriteStream): boolean =>
    stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  const writeTo =
    (stream: NodeJS.WriteStream) =>
    (line: Line): void => {
      beforehand()
      stream.write(`${renderLine(line, hasColours(stream))}\n`)
    }
  return { print: writeTo(stdout), complain: writeTo(stderr) }
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
