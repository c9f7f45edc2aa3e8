import { commands } from '../commands.ts'
import { type Terminal, UsageError } from '../terminal/command.ts'
import { completionScripts, shells } from '../terminal/completion-scripts.ts'
import type { Input } from '../terminal/usage.ts'
import type { completion } from '../usage/completion.ts'

/** Prints the completion script of a shell. */
export async function run({ words: [name] }: Input<typeof completion>, terminal: Terminal): Promise<number> {
  const shell = shells.find((candidate) => candidate === name)
  if (shell === undefined) throw new UsageError('expected the shell: bash, zsh or fish')
  for (const line of completionScripts[shell](commands).split('\n')) terminal.print(line)
  return 0
}
