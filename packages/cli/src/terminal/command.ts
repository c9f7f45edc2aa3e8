import type { Clock } from '@behalf/core'

/** Where a command reads from and writes to; passed in, so that tests can look. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Whether what is printed may be coloured: standard output is a terminal and `NO_COLOR` is not set. */
  readonly colours: boolean
  /** How wide standard output is, in characters. */
  readonly columns: number
  /** Resolves when the user or the system asks the command to stop (SIGINT, SIGTERM). */
  readonly stopped: Promise<void>
  /** Writes a line to standard output. */
  print(line: string): void
  /** Writes a line to standard error. */
  complain(line: string): void
  /** Shows a passing line on standard error if that is a terminal, in place of the one before; undefined removes it. */
  showProgress(line: string | undefined): void
  /** Reads standard input to its end. */
  readInput(): Promise<string>
  /** Asks the person in front of the terminal; undefined when there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined
}

/** One command of the command line. */
export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What `--help` prints: usage, options, examples. Completion offers the options that it names. */
  readonly help: string
  /** The words that may follow the name, for completion. Default none. */
  readonly words?: readonly string[]
  /** Runs the command and resolves to the exit code; `packages/cli/README.md` lists them. */
  run(args: readonly string[], terminal: Terminal): Promise<number>
}

/** A wrong use of a command, said in one sentence; the command line prints it and exits with 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError'
}

/** Something that a command needs is not there, said in one sentence; printed, exit code 1. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
}
