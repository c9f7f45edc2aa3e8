import type { Command, CommandGroup } from './command.ts'
import type { Usage } from './usage.ts'

/** The shells that completion is written for. */
export const shells = ['bash', 'zsh', 'fish'] as const

/** A shell that completion is written for. */
export type Shell = (typeof shells)[number]

/** What follows a command's name, and how the list of commands calls it. */
interface Completion {
  readonly name: string
  readonly summary: string
  readonly choices: readonly string[]
}

/** Completes the words of a group and those of its members' options; for each it is not told apart which member follows. */
function completionsOf(entry: Command | CommandGroup): Completion {
  if (!('members' in entry)) {
    const { name, summary } = entry.usage
    return { name, summary, choices: choicesOf(entry.usage) }
  }
  const { name, summary, members } = entry
  const words = members.map(({ usage }) => usage.name.slice(name.length + 1))
  return {
    name,
    summary,
    choices: [...new Set([...words, ...members.flatMap(({ usage }) => choicesOf(usage))])],
  }
}

function choicesOf({ words = [], options }: Usage): readonly string[] {
  return [
    ...words.flatMap(({ offered = [] }) => offered),
    ...Object.keys(options).map((option) => `--${option}`),
    '--help',
  ]
}

/** The script that makes a shell complete commands and options; file names complete everywhere else. */
export const completionScripts: Readonly<
  Record<Shell, (entries: readonly (Command | CommandGroup)[]) => string>
> = {
  bash: (entries) => bash(entries.map(completionsOf)),
  zsh: (entries) => zsh(entries.map(completionsOf)),
  fish: (entries) => fish(entries.map(completionsOf)),
}

const bash = (commands: readonly Completion[]): string => `_behalf() {
  local word=\${COMP_WORDS[COMP_CWORD]} choices
  if [ "$COMP_CWORD" -eq 1 ]; then
    choices="${commands.map(({ name }) => name).join(' ')} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${commands.map(({ name, choices }) => `      ${name}) choices="${choices.join(' ')}" ;;`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$choices" -- "$word"))
}
complete -o default -F _behalf behalf`

const zsh = (commands: readonly Completion[]): string => `#compdef behalf
_behalf() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${commands.map(({ name, summary }) => `      ${quote(`${name}:${summary.replaceAll(':', '\\:')}`)}`).join('\n')}
    )
    _describe command commands
    return
  fi
  case $words[2] in
${commands.map(({ name, choices }) => `    ${name}) compadd -- ${choices.join(' ')} ;;`).join('\n')}
  esac
  [[ $PREFIX == -* ]] || _files
}
compdef _behalf behalf`

const fish = (commands: readonly Completion[]): string =>
  commands
    .flatMap((command) => [
      `complete -c behalf -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`,
      ...command.choices.map((word) =>
        word.startsWith('--')
          ? `complete -c behalf -n '__fish_seen_subcommand_from ${command.name}' -l ${word.slice(2)}`
          : `complete -c behalf -n '__fish_seen_subcommand_from ${command.name}' -a ${word}`,
      ),
    ])
    .join('\n')

/** A word in single quotes, as all three shells read it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
