import { ConfigError } from '@behalf/hook'
import { completionOf } from './commands/completion.ts'
import { dev } from './commands/dev.ts'
import { doctor } from './commands/doctor.ts'
import { exchange } from './commands/exchange.ts'
import { fault } from './commands/fault.ts'
import { init } from './commands/init.ts'
import { inspect } from './commands/inspect.ts'
import { keys } from './commands/keys.ts'
import { packageCommand } from './commands/package.ts'
import { policy } from './commands/policy.ts'
import { provision } from './commands/provision.ts'
import { replay } from './commands/replay.ts'
import { sandbox } from './commands/sandbox.ts'
import { serve } from './commands/serve.ts'
import { describeMissingCedar } from './config/missing-cedar.ts'
import { describeFileFault } from './files/file-fault.ts'
import { type Command, CommandError, type Terminal, UsageError } from './terminal/command.ts'
import { processTerminal } from './terminal/process-terminal.ts'
import { ownVersion } from './terminal/version.ts'

/** Every command, in the order that the help lists them. */
const commands: readonly Command[] = withCompletion([
  init,
  dev,
  serve,
  sandbox,
  fault,
  exchange,
  inspect,
  replay,
  policy,
  packageCommand,
  keys,
  provision,
  doctor,
])

function withCompletion(others: readonly Command[]): readonly Command[] {
  return [...others, completionOf(others)]
}

/**
 * Runs the command line.
 *
 * @returns the exit code: 0 done, 1 failed, 2 wrong use or wrong configuration; `README.md` has the others
 */
export async function main(args: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.print(overview())
    return name === undefined ? 2 : 0
  }
  if (name === '--version' || name === '-v') {
    terminal.print(ownVersion())
    return 0
  }
  const command = commands.find((candidate) => candidate.name === name)
  if (command === undefined) {
    terminal.complain(`behalf: there is no command '${name}'; 'behalf --help' lists them`)
    return 2
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.print(command.help)
    return 0
  }
  try {
    return await command.run(rest, terminal)
  } catch (error) {
    return explain(error, name, terminal)
  }
}

function explain(error: unknown, name: string, terminal: Terminal): number {
  if (error instanceof ConfigError || error instanceof UsageError) {
    terminal.complain(`behalf ${name}: ${error.message}`)
    return 2
  }
  if (error instanceof CommandError) {
    terminal.complain(`behalf ${name}: ${error.message}`)
    return 1
  }
  const sentence = describeMissingCedar(error) ?? describeFileFault(error)
  if (sentence !== undefined) {
    terminal.complain(`behalf ${name}: ${sentence}`)
    return 2
  }
  throw error
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'Behalf gives Okta the OAuth 2.0 On-Behalf-Of flow through token inline hooks.',
    '',
    'Usage: behalf <command> [options]',
    '       behalf --version',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    "'behalf <command> --help' says more about one.",
  ].join('\n')
}
