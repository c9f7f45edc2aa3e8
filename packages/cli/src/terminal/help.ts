import type { Command, CommandGroup } from './command.ts'
import { variablesOf } from './environment.ts'
import { type Line, strong } from './line.ts'
import { defaultOf, type OptionUsage, placeholderOf, type Usage } from './usage.ts'

const width = 110

/** Says what `behalf COMMAND --help` prints. */
export function describeUsage(usage: Usage): Line[] {
  const { about, words = [], options, notes = [], examples } = usage
  const environment = variablesOf(usage)
  return [
    ...usageLines(usage),
    ...about.flatMap((paragraph) => ['', ...wrap(paragraph, width)]),
    ...section(words.map(({ name, text }) => [name, text])),
    ...section(Object.entries(options).map(([name, option]) => [spell(name, option), sentenceOf(option)])),
    ...(environment.length === 0 ? [] : ['', strong('Environment:'), ...describeRows(environment)]),
    ...notes.flatMap((paragraph) => ['', ...wrap(paragraph, width)]),
    '',
    strong(examples.length === 1 ? 'Example:' : 'Examples:'),
    ...examples.flatMap((example) => example.split('\n').map((part) => `  ${part}`)),
  ]
}

/** `Usage: behalf serve [--config FILE] …`, on as many lines as it takes. */
function usageLines({ name, words = [], options }: Usage, prefix = 'Usage: '): string[] {
  const start = `${prefix}behalf ${name} `
  const parts = [
    ...words.map((word) => {
      const shown = `${word.name}${word.repeated === true ? '…' : ''}`
      return word.required === true ? shown : `[${shown}]`
    }),
    ...Object.entries(options).map(([option, usage]) => {
      const shown = spell(option, usage)
      return `${usage.required === true ? shown : `[${shown}]`}${usage.repeated === true ? '…' : ''}`
    }),
  ]
  return wrapParts(parts, width - start.length).map((part, index) =>
    `${index === 0 ? start : ' '.repeat(start.length)}${part}`.trimEnd(),
  )
}

function spell(name: string, option: OptionUsage): string {
  return `--${name} ${placeholderOf(option)}`.trimEnd()
}

/** What an option is for, and what leaving it out means: `the port to listen on (default: 8080)`. */
function sentenceOf(option: OptionUsage): string {
  const left = defaultOf(option)
  const repeated = option.repeated === true ? '; may be repeated' : ''
  return `${option.text}${repeated}${left === undefined ? '' : ` (default: ${left})`}`
}

function section(rows: readonly (readonly [string, string])[]): Line[] {
  return rows.length === 0 ? [] : ['', ...describeRows(rows)]
}

/** Names beside what they are for; a name that is too long for its column gets a line of its own. */
function describeRows(rows: readonly (readonly [string, string])[]): string[] {
  const column = Math.min(24, Math.max(...rows.map(([name]) => name.length)))
  return rows.flatMap(([name, text]) => {
    const texts = wrap(text, width - column - 4)
    const names = name.length > column ? [name, ''] : [name]
    const cells = name.length > column ? ['', ...texts] : texts
    return cells.map((cell, row) => `  ${(names[row] ?? '').padEnd(column)}  ${cell}`)
  })
}

function wrap(text: string, columns: number): string[] {
  return wrapParts(text.split(' '), columns)
}

function wrapParts(parts: readonly string[], columns: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + part.length <= columns)
      lines[lines.length - 1] = `${last} ${part}`
    else lines.push(part)
  }
  return lines.length === 0 ? [''] : lines
}

/** Says what `behalf --help` prints. */
export function overview(entries: readonly (Command | CommandGroup)[]): Line[] {
  return [
    'Behalf gives Okta the OAuth 2.0 On-Behalf-Of flow through token inline hooks.',
    '',
    'Usage: behalf <command> [options]',
    '       behalf --version',
    '',
    ...describeRows(
      entries.map((entry) =>
        'members' in entry ? [entry.name, entry.summary] : [entry.usage.name, entry.usage.summary],
      ),
    ),
    '',
    "'behalf <command> --help' says more about one.",
  ]
}

/** Says what `behalf GROUP --help` prints. */
export function overviewOf({ name, members }: CommandGroup): Line[] {
  return [
    ...members.flatMap(({ usage }, index) => usageLines(usage, index === 0 ? 'Usage: ' : '       ')),
    '',
    ...describeRows(members.map(({ usage }) => [usage.name.slice(name.length + 1), usage.summary])),
    '',
    `'behalf ${name} <word> --help' says more about one.`,
    '',
    strong('Examples:'),
    ...members.flatMap(({ usage }) => usage.examples.map((example) => `  ${example}`)),
  ]
}
