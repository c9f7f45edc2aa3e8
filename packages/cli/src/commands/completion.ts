import { type Command, UsageError } from '../terminal/command.ts'
import { completionScripts, shells } from '../terminal/completion-scripts.ts'

/** Makes the command that prints completion scripts for the other commands and itself. */
export function completionOf(others: readonly Command[]): Command {
  const completion: Command = {
    name: 'completion',
    summary: 'print what makes a shell complete commands and options',
    words: shells,
    help: `Usage: behalf completion bash|zsh|fish

Prints a script that makes the shell complete the commands of behalf and their options.

Examples:
  behalf completion bash >> ~/.bashrc
  behalf completion zsh > ~/.zfunc/_behalf
  behalf completion fish > ~/.config/fish/completions/behalf.fish`,

    async run([name, ...more], terminal) {
      const shell = shells.find((candidate) => candidate === name)
      if (shell === undefined || more.length > 0)
        throw new UsageError('expected the shell: bash, zsh or fish')
      terminal.print(completionScripts[shell]([...others, completion]))
      return 0
    },
  }
  return completion
}
