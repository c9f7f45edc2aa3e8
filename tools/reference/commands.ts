/**
 * Writes what each command takes into packages/cli/README.md: `node tools/reference/commands.ts`. A test holds the file
 * to the commands.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { commands } from '../../packages/cli/src/commands.ts'
import type { Command } from '../../packages/cli/src/terminal/command.ts'
import { variablesOf } from '../../packages/cli/src/terminal/environment.ts'
import { defaultOf, placeholderOf, type Usage } from '../../packages/cli/src/terminal/usage.ts'

/** The file that the tables are written to. */
export const commandReferencePath: string = fileURLToPath(
  new URL('../../packages/cli/README.md', import.meta.url),
)

const marks = {
  start: '<!-- Written by tools/reference/commands.ts; edit packages/cli/src/usage instead. -->',
  end: '<!-- End of what is written by tools/reference/commands.ts. -->',
} as const

/** The document with the tables of what each command takes in their place. */
export function renderCommandReference(document: string): string {
  const [before, rest] = document.split(marks.start)
  const after = rest?.split(marks.end)[1]
  if (before === undefined || after === undefined)
    throw new TypeError('the document has no place for the tables of the commands')
  const all = commands.flatMap((entry): readonly Command[] => ('members' in entry ? entry.members : [entry]))
  const sections = all.map(({ usage }) => describe(usage)).join('\n\n')
  return `${before}${marks.start}\n\n${sections}\n\n${marks.end}${after}`
}

function describe(usage: Usage): string {
  const { name, summary, words = [], options } = usage
  const rows = [
    ...words.map((word) => [word.name, `${word.text}${word.repeated === true ? '; several' : ''}`, '']),
    ...Object.entries(options).map(([option, one]) => [
      `--${option} ${placeholderOf(one)}`.trimEnd(),
      `${one.text}${one.repeated === true ? '; may be repeated' : ''}`,
      one.required === true ? 'required' : (defaultOf(one) ?? ''),
    ]),
    ...variablesOf(usage).map(([variable, text]) => [variable, text, '']),
  ]
  const table = rows.map(
    ([first = '', text = '', left = '']) => `| \`${cell(first)}\` | ${cell(text)} | ${cell(left)} |`,
  )
  return [
    `### behalf ${name}`,
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(table.length === 0 ? [] : ['', '| | | default |', '|---|---|---|', ...table]),
  ].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

if (import.meta.main)
  writeFileSync(commandReferencePath, renderCommandReference(readFileSync(commandReferencePath, 'utf8')))
