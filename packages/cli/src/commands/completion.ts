import { type Command, type CommandGroup, type Terminal, UsageError } from '../terminal/command.ts'
import { completionScripts, shells } from '../terminal/completion-scripts.ts'
import type { Input } from '../terminal/usage.ts'
import type { completion } from '../usage/completion.ts'

/** Makes what prints the completion script of a shell for these commands. */
export function completionOf(
  commands: readonly (Command | CommandGroup)[],
): (input: Input<typeof completion>, terminal: Terminal) => Promise<number> {
  return async ({ words: [name] }: Input<typeof completion>, terminal: Terminal): Promise<number> => {
    const shell = shells.find((candidate) => candidate === name)
    if (shell === undefined) throw new UsageError('expected the shell: bash, zsh or fish')
    for (const line of completionScripts[shell](commands).split('\n')) terminal.print(line)
    return 0
  }
}
