import type { Command } from './command.ts'

/** The shells that completion is written for. */
export const shells = ['bash', 'zsh', 'fish'] as const

/** A shell that completion is written for. */
export type Shell = (typeof shells)[number]

/** What can follow a command's name: its words, and every option that its help names. */
function completionsOf({ help, words = [] }: Pick<Command, 'help' | 'words'>): readonly string[] {
  return [...new Set([...words, ...(help.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []), '--help'])]
}

/** The script that makes a shell complete commands and options; file names complete everywhere else. */
export const completionScripts: Readonly<Record<Shell, (commands: readonly Command[]) => string>> = {
  bash: (commands) => `_behalf() {
  local word=\${COMP_WORDS[COMP_CWORD]} choices
  if [ "$COMP_CWORD" -eq 1 ]; then
    choices="${commands.map(({ name }) => name).join(' ')} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${commands.map((command) => `      ${command.name}) choices="${completionsOf(command).join(' ')}" ;;`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$choices" -- "$word"))
}
complete -o default -F _behalf behalf`,

  zsh: (commands) => `#compdef behalf
_behalf() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${commands.map(({ name, summary }) => `      ${quote(`${name}:${summary.replaceAll(':', '\\:')}`)}`).join('\n')}
    )
    _describe command commands
    return
  fi
  case $words[2] in
${commands.map((command) => `    ${command.name}) compadd -- ${completionsOf(command).join(' ')} ;;`).join('\n')}
  esac
  [[ $PREFIX == -* ]] || _files
}
compdef _behalf behalf`,

  fish: (commands) =>
    commands
      .flatMap((command) => [
        `complete -c behalf -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`,
        ...completionsOf(command).map((word) =>
          word.startsWith('--')
            ? `complete -c behalf -n '__fish_seen_subcommand_from ${command.name}' -l ${word.slice(2)}`
            : `complete -c behalf -n '__fish_seen_subcommand_from ${command.name}' -a ${word}`,
        ),
      ])
      .join('\n'),
}

/** A word in single quotes, as all three shells read it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
