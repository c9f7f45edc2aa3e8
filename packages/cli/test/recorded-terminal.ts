import { ManualClock } from '@behalf/testing'
import type { Terminal } from '../src/terminal/command.ts'

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
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  return {
    env,
    clock,
    colours,
    columns: 160,
    stopped,
    stop,
    stdout,
    stderr,
    progress,
    print: (text) => stdout.push(...text.split('\n')),
    complain: (text) => stderr.push(...text.split('\n')),
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
