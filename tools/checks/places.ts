/** Holds that every document has a place in the order of the site, and no more than one. */
import { globSync } from 'node:fs'
import { decisionsFolder, order, tableOfContents } from '../site/order.ts'

const placed = order.flatMap(({ pages }) => pages)
const documents = globSync(['docs/**/*.md', 'packages/*/README.md']).filter(
  (file) => file !== tableOfContents && !file.startsWith(`${decisionsFolder}/`),
)
const faults = [
  ...documents
    .filter((file) => !placed.includes(file))
    .map((file) => `${file} has no place in tools/site/order.ts`),
  ...placed
    .filter((file, index) => placed.indexOf(file) !== index)
    .map((file) => `${file} has two places in tools/site/order.ts`),
]
for (const fault of faults) console.error(fault)
console.log(`places: ${documents.length} documents, ${faults.length} faults`)
process.exitCode = faults.length === 0 && documents.length > 0 ? 0 : 1
