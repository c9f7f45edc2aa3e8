/**
 * Builds the documentation site into `tools/site/.vitepress/dist`: the documents in their order, the API reference of the
 * doc comments, local search. Dead links fail, fragments included, and so does a committed index of the API that is out of
 * date; `--write` writes that.
 */
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'vitepress'
import { root } from '../workspace.ts'
import { mendAnchors } from './api-anchors.ts'
import { apiIndex, apiIndexFile } from './api-index.ts'
import { readApi } from './api-reference.ts'
import { findDeadLinks } from './built-links.ts'
import { stage } from './stage.ts'

const { write } = parseArgs({ options: { write: { type: 'boolean', default: false } } }).values
const here = join(root, 'tools/site')
const staged = join(here, 'staged')
const built = join(here, '.vitepress/dist')

const api = await readApi()
const index = apiIndex(api.entryPoints)
if (write) writeFileSync(join(root, apiIndexFile), index)
else if (readFileSync(join(root, apiIndexFile), 'utf8') !== index)
  throw new Error(`${apiIndexFile} is out of date: npm run docs -- --write`)

const site = stage(staged)
await api.writePages(join(staged, 'api'))
rmSync(join(staged, 'api/README.md'))
const apiPages = globSync('api/**/*.md', { cwd: staged })
  .toSorted()
  .map((path) => ({
    path,
    title: /^# (.+)$/m.exec(readFileSync(join(staged, path), 'utf8'))?.[1]?.replaceAll('\\', '') ?? path,
  }))
for (const { path } of apiPages) {
  const file = join(staged, path)
  writeFileSync(file, mendAnchors(readFileSync(file, 'utf8')))
}
writeFileSync(join(staged, 'site.json'), JSON.stringify({ ...site, api: apiPages }))

await build(here)
const { count, dead } = findDeadLinks(built)
for (const each of dead) console.error(each)
console.log(
  `site: ${globSync('**/*.html', { cwd: built }).length} pages, ${count} links, ${dead.length} dead`,
)
process.exitCode = dead.length === 0 && count > 0 ? 0 : 1
