import type { Writable } from 'node:stream'
import type { Clock } from '@behalf/core'
import type { Line } from './line.ts'
import type { Usage } from './usage.ts'

/** Where lines go. Whatever is printed is escaped on the way, so that no text from elsewhere steers a terminal. */
export interface Output {
  /** Writes a line to standard output. */
  print(line: Line): void
  /** Writes a line to standard error. */
  complain(line: Line): void
}

/** Where a command reads from and writes to; passed in, so that tests can look. */
export interface Terminal extends Output {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** How wide standard output is, in characters. */
  readonly columns: number
  /** Resolves when the user or the system asks the command to stop (SIGINT, SIGTERM). */
  readonly stopped: Promise<void>
  /** Standard output and standard error, for logs of JSON lines that escape themselves. */
  readonly logs: { readonly output: Writable; readonly errors: Writable }
  /** Shows a passing line on standard error if that is a terminal, in place of the one before; undefined removes it. */
  showProgress(line: string | undefined): void
  /** Reads standard input to its end. */
  readInput(): Promise<string>
  /** Asks the person in front of the terminal; undefined when there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined
}

/** What ends a command: one sentence, and below it what is wrong in particular, one line each. */
export class CommandFault extends Error {
  readonly details: readonly string[]

  constructor(sentence: string, details: readonly string[] = []) {
    super(sentence)
    this.details = details
  }
}

/** A wrong use of a command or a wrong configuration; exit code 2. */
export class UsageError extends CommandFault {
  override readonly name: string = 'UsageError'
}

/** Something that a command needs is not there, or refuses; exit code 1. */
export class CommandError extends CommandFault {
  override readonly name: string = 'CommandError'
}

/** A command: what it takes, and what does it, which is loaded when it is used. */
export interface Command {
  readonly usage: Usage
  /** Runs the command and resolves to the exit code; `packages/cli/README.md` lists them. */
  run(args: readonly string[], terminal: Terminal): Promise<number>
}

/** Commands that share their first word. */
export interface CommandGroup {
  readonly name: string
  readonly summary: string
  readonly members: readonly Command[]
}
