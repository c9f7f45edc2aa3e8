/**
 * Writes the table of figures into docs/performance.md: `npm run bench -- --json > run.json` on a machine that does nothing
 * else, three times, then `node tools/bench/table.ts run-1.json run-2.json run-3.json`. Of several runs the middle one
 * counts for each figure, and the table says how far they lie apart.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { budgets, describeBudget, judge } from './budgets.ts'
import { spreadOf } from './statistics.ts'

interface Run {
  readonly node: string
  readonly figures: Readonly<Record<string, { readonly value: number; readonly unit: string }>>
}

const document = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const [begin, end] = ['<!-- figures -->\n', '<!-- /figures -->\n']

/** The figures of the runs as Markdown. */
function tableOf(runs: readonly Run[]): string {
  const [first] = runs
  if (first === undefined) throw new Error('name the JSON of at least one run')
  const rows = Object.entries(first.figures).map(([name, { unit }]) => {
    const { median, low, high } = extremes(runs.map(({ figures }) => figures[name]?.value ?? Number.NaN))
    const budget = budgets[name]
    const verdict = budget === undefined ? 'kept' : judge(median, budget)
    const marked = budget === undefined ? '' : verdict === 'kept' ? verdict : `**${verdict}**`
    const spread = low === high ? '' : `${written(low)} to ${written(high)}`
    return `| \`${name}\` | ${written(median)}${unit === 'times' ? '' : ` ${unit}`} | ${spread} | ${budget === undefined ? '' : describeBudget(budget)} | ${marked} |`
  })
  const count = runs.length === 1 ? 'One run' : `${runs.length} runs`
  return `${count}, Node ${first.node.slice(1)}, ${cpus().length} cores.

| figure | measured | from, to | budget | |
|---|---|---|---|---|
${rows.join('\n')}
`
}

function extremes(values: readonly number[]): { median: number; low: number; high: number } {
  return { median: spreadOf(values).median, low: Math.min(...values), high: Math.max(...values) }
}

function written(value: number): string {
  return String(Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3)))
}

const runs = process.argv.slice(2).map((file): Run => JSON.parse(readFileSync(file, 'utf8')))
const text = readFileSync(document, 'utf8')
const [from, to] = [text.indexOf(begin), text.indexOf(end)]
if (from === -1 || to === -1) throw new Error(`docs/performance.md has no ${begin.trim()} … ${end.trim()}`)
writeFileSync(document, `${text.slice(0, from + begin.length)}\n${tableOf(runs)}\n${text.slice(to)}`)
console.log(`wrote docs/performance.md, from ${runs.length} of npm run bench -- --json`)
