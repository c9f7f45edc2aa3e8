import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Json } from '@behalf/core'
import type { ProjectFacts } from './facts.ts'
import { fillIn } from './fill-in.ts'

/** The template is a project that works, with a policy that is a function; `cedar` is what takes that one's place. */
export type TemplatePart = 'project' | 'cedar'

const template = fileURLToPath(new URL('../../template/', import.meta.url))
const manifestName = 'package.json'

/** Returns the files of a part but for its `package.json`, with the facts in them, by where they belong. */
export function filesOf(part: TemplatePart, facts: ProjectFacts): ReadonlyMap<string, string> {
  const folder = join(template, part)
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== manifestName)
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [
        // npm leaves out of a package what its own ignore files are called.
        path.slice(folder.length + 1).replace(/^_/, '.'),
        fillIn(readFileSync(path, 'utf8'), facts),
      ]),
  )
}

/** Returns what a part wants of `package.json`. */
export function manifestOf(part: TemplatePart): Json {
  return JSON.parse(readFileSync(join(template, part, manifestName), 'utf8'))
}
