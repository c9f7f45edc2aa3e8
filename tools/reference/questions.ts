/**
 * Writes the tables of docs/okta-fidelity.md from the questions of `behalf probe`: `node tools/reference/questions.ts`.
 * A test holds the file to them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { areas, questions } from '../../packages/cli/src/probe/questions.ts'

/** The document that holds the tables. */
export const fidelityPath: string = fileURLToPath(new URL('../../docs/okta-fidelity.md', import.meta.url))

const begin =
  '<!-- Written by tools/reference/questions.ts; edit packages/cli/src/probe/questions instead. -->'
const end = '<!-- End of what is written. -->'

/** Puts the tables between their marks. */
export function withQuestions(document: string): string {
  const [before, rest] = splitAt(document, begin)
  const [, after] = splitAt(rest, end)
  return `${before}${begin}\n\n${renderQuestions()}\n\n${end}${after}`
}

function renderQuestions(): string {
  return Object.entries(areas)
    .map(([area, heading]) => {
      const rows = questions
        .filter((question) => question.area === area)
        .map(
          ({ id, question, assumed, assumption = assumed, source }) =>
            `| \`${id}\` | ${question} | ${assumption} | ${source} |`,
        )
      return [
        `### ${heading}`,
        '',
        '| id | question | choice here | from |',
        '|---|---|---|---|',
        ...rows,
      ].join('\n')
    })
    .join('\n\n')
}

function splitAt(text: string, mark: string): readonly [before: string, after: string] {
  const index = text.indexOf(mark)
  if (index < 0) throw new Error(`the document has no line '${mark}'`)
  return [text.slice(0, index), text.slice(index + mark.length)]
}

if (import.meta.main) writeFileSync(fidelityPath, withQuestions(readFileSync(fidelityPath, 'utf8')))
