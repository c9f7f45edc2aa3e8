/**
 * Checks that every relative link of the Markdown files leads to a file or folder of this repository, and its
 * fragment to a heading there. What git ignores is no part of it, though it may lie here. Links to other hosts are not
 * looked at.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { headingId } from './heading-id.ts'

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
const files = new Set(`${listed}`.split('\0').filter((file) => file !== '' && existsSync(file)))
const folders = new Set([...files].flatMap(foldersOf))
const documents = [...files].filter((file) => file.endsWith('.md')).toSorted()

let count = 0
const faults: string[] = []
for (const document of documents) {
  for (const target of relativeLinks(readFileSync(document, 'utf8'))) {
    count++
    const fault = findFault(document, target)
    if (fault !== undefined) faults.push(`${document}: ${target} ${fault}`)
  }
}
for (const fault of faults) console.error(fault)
console.log(`links: ${count} in ${documents.length} documents, ${faults.length} broken`)
process.exitCode = faults.length === 0 && count > 0 ? 0 : 1

/** Every folder above a file, the repository itself included. */
function foldersOf(file: string): readonly string[] {
  const folder = dirname(file)
  return folder === '.' ? [folder] : [folder, ...foldersOf(folder)]
}

/** Targets of `[text](target)`, `![text](target)` and `[label]: target`, outside of code. */
function relativeLinks(markdown: string): readonly string[] {
  const text = withoutBlocks(markdown).replace(/(`+)(?:(?!\n\n)[^`])*?\1/g, '')
  const inline = text.matchAll(/\]\(\s*<?([^\s<>()]+)>?(?:\s+["'][^)]*["'])?\s*\)/g)
  const definitions = text.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^\s<>]+)>?/gm)
  return [...inline, ...definitions]
    .map(([, target = '']) => target)
    .filter((target) => !/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target))
}

function withoutBlocks(markdown: string): string {
  return markdown.replace(/^ {0,3}(```+|~~~+)[\s\S]*?^ {0,3}\1`*[ \t]*$/gm, '')
}

function findFault(document: string, target: string): string | undefined {
  const [path = '', fragment] = target.split('#', 2)
  const linked = path === '' ? document : normalize(join(dirname(document), decodeURIComponent(path)))
  if (path.startsWith('/') || linked.startsWith('..')) return 'leaves the repository'
  const file = linked.replace(/\/$/, '')
  if (!files.has(file) && !folders.has(file)) return 'does not exist'
  if (fragment === undefined || !files.has(file) || !file.endsWith('.md')) return undefined
  return headingIds(readFileSync(file, 'utf8')).has(decodeURIComponent(fragment))
    ? undefined
    : 'names no heading there'
}

/** The ids that forges give to headings; a repeated heading gets a number. */
function headingIds(markdown: string): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const [, heading = ''] of withoutBlocks(markdown).matchAll(/^ {0,3}#{1,6}\s+(.+?)\s*#*$/gm)) {
    const id = headingId(heading)
    let unique = id
    for (let again = 1; ids.has(unique); again++) unique = `${id}-${again}`
    ids.add(unique)
  }
  return ids
}
