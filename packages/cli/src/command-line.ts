import { commands } from './commands.ts'
import type { Command, CommandGroup, Output, Terminal } from './terminal/command.ts'
import { didYouMean } from './terminal/did-you-mean.ts'
import { describeUsage, overview, overviewOf } from './terminal/help.ts'
import { inWords } from './terminal/in-words.ts'
import type { Line } from './terminal/line.ts'
import { processTerminal } from './terminal/process-terminal.ts'

/** Finds the command that is meant and runs it, or says how it is used; resolves to the exit code. */
export async function runCommandLine(
  args: readonly string[],
  output: Output,
  terminal: Terminal | undefined,
): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    printAll(overview(commands), output)
    return name === undefined ? 2 : 0
  }
  const found = commands.find((candidate) => nameOf(candidate) === name)
  if (found === undefined) {
    const remedy = didYouMean(name, commands.map(nameOf)) || "; 'behalf --help' lists them"
    output.complain(`behalf: there is no command '${name}'${remedy}`)
    return 2
  }
  if (!('members' in found)) return runOrHelp(found, rest, output, terminal)
  const [word, ...others] = rest
  if (word === '--help' || word === '-h') {
    printAll(overviewOf(found), output)
    return 0
  }
  const member = found.members.find(({ usage }) => usage.name === `${name} ${word}`)
  if (member !== undefined) return runOrHelp(member, others, output, terminal)
  const words = found.members.map(({ usage }) => usage.name.slice(name.length + 1))
  output.complain(`behalf ${name}: expected ${inWords(words)}${didYouMean(word ?? '', words)}`)
  return 2
}

function nameOf(entry: Command | CommandGroup): string {
  return 'members' in entry ? entry.name : entry.usage.name
}

function printAll(lines: readonly Line[], { print }: Output): void {
  for (const line of lines) print(line)
}

async function runOrHelp(
  { usage, run }: Command,
  args: readonly string[],
  output: Output,
  terminal: Terminal | undefined,
): Promise<number> {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  if (options.includes('--help') || options.includes('-h')) {
    printAll(describeUsage(usage), output)
    return 0
  }
  try {
    return await run(args, terminal ?? (await ownTerminal()))
  } catch (error) {
    const { explainFault } = await import('./config/explain-fault.ts')
    const { code, lines } = explainFault(error)
    const [sentence = '', ...details] = lines
    output.complain(`behalf ${usage.name}: ${sentence}`)
    for (const detail of details) output.complain(`  ${detail}`)
    return code
  }
}

async function ownTerminal(): Promise<Terminal> {
  const { systemClock } = await import('@behalf/core')
  return processTerminal(systemClock)
}
