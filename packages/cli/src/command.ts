/** Where a command reads from and writes to; passed in, so that tests can look. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Writes a line to standard output. */
  print(line: string): void
  /** Writes a line to standard error. */
  complain(line: string): void
  /** Resolves when the user or the system asks the command to stop (SIGINT, SIGTERM). */
  readonly stopped: Promise<void>
}

/** One command of the command line. */
export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What `--help` prints: usage, options, examples. */
  readonly help: string
  /** Runs the command and resolves to the exit code: 0 done, 1 failed, 2 wrong use or configuration. */
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
