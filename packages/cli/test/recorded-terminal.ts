import { Writable } from 'node:stream'
import { ManualClock } from '@behalf/testing'
import type { Terminal } from '../src/terminal/command.ts'
import { type Line, renderLine } from '../src/terminal/line.ts'

/** A terminal that keeps what is printed. */
export interface RecordedTerminal extends Terminal {
  readonly clock: ManualClock
  readonly stdout: string[]
  readonly stderr: string[]
  /** Every passing line that was shown. */
  readonly progress: string[]
  /** Asks the command to stop, as SIGTERM would. */
  stop(): void
}

/** Makes a terminal for a test. The clock stands still at the present unless another is given. */
export function recordedTerminal(
  parts: {
    readonly env?: Readonly<Record<string, string>>
    readonly clock?: ManualClock
    readonly colours?: boolean
    /** What standard input holds. */
    readonly input?: string
    /** What a person answers, by what the question holds; an unexpected question fails. */
    readonly answers?: Readonly<Record<string, string>>
  } = {},
): RecordedTerminal {
  const { env = {}, clock = new ManualClock(Date.now()), colours = false, input = '', answers } = parts
  const stdout: string[] = []
  const stderr: string[] = []
  const progress: string[] = []
  const keepIn =
    (lines: string[]) =>
    (line: Line): void => {
      lines.push(renderLine(line, colours))
    }
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  return {
    env,
    clock,
    columns: 160,
    stopped,
    stop,
    stdout,
    stderr,
    progress,
    print: keepIn(stdout),
    complain: keepIn(stderr),
    logs: { output: linesInto(stdout), errors: linesInto(stderr) },
    showProgress: (line) => {
      if (line !== undefined) progress.push(line)
    },
    readInput: async () => input,
    ask:
      answers === undefined
        ? undefined
        : async (question) => {
            const found = Object.entries(answers).find(([part]) => question.includes(part))
            if (found === undefined) throw new Error(`nobody answers '${question}'`)
            return found[1]
          },
  }
}

/** A stream whose writes are kept line by line, as they come. */
function linesInto(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(...chunk.toString().replace(/\n$/, '').split('\n'))
      done()
    },
  })
}
