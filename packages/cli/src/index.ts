import type { Terminal } from './terminal/command.ts'
import { processOutput } from './terminal/process-terminal.ts'
import { ownVersion } from './terminal/version.ts'

/**
 * Runs the command line.
 *
 * @returns the exit code: 0 done, 1 failed, 2 wrong use or wrong configuration; `README.md` has the others
 */
export async function main(args: readonly string[], terminal?: Terminal): Promise<number> {
  const output = terminal ?? processOutput()
  if (args[0] === '--version' || args[0] === '-v') {
    output.print(ownVersion())
    return 0
  }
  const { runCommandLine } = await import('./command-line.ts')
  return runCommandLine(args, output, terminal)
}
