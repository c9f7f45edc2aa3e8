/** Holds that every document has a place in the order of the site, no more than one, and is in the table of contents. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { decisionsFolder, order, tableOfContents } from '../site/order.ts'

const placed = order.flatMap(({ pages }) => pages)
const documents = globSync(['docs/**/*.md', 'packages/*/README.md']).filter(
  (file) => file !== tableOfContents && !file.startsWith(`${decisionsFolder}/`),
)
const contents = readFileSync(tableOfContents, 'utf8')
const isLinked = (page: string): boolean =>
  contents.includes(`](${posix.relative(posix.dirname(tableOfContents), page)})`)
const faults = [
  ...documents
    .filter((file) => !placed.includes(file))
    .map((file) => `${file} has no place in tools/site/order.ts`),
  ...placed
    .filter((file, index) => placed.indexOf(file) !== index)
    .map((file) => `${file} has two places in tools/site/order.ts`),
  ...placed
    .filter((file) => existsSync(file) && !isLinked(file))
    .map((file) => `${file} is not in ${tableOfContents}`),
]
for (const fault of faults) console.error(fault)
console.log(`places: ${documents.length} documents, ${faults.length} faults`)
process.exitCode = faults.length === 0 && documents.length > 0 ? 0 : 1
