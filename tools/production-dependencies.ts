import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './workspace.ts'

/** A package of others that is installed with one of ours. */
export interface ProductionDependency {
  readonly name: string
  readonly version: string
  /** As its manifest says, an SPDX expression. */
  readonly licence: string | undefined
}

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly link?: boolean
  readonly resolved?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/**
 * Lists what `npm install` brings with a package of ours, by the lock: its dependencies and theirs, each version once. Of
 * builds for platforms (optional dependencies) none is counted, since one machine installs one of them.
 *
 * @param folder - e.g. `packages/client`
 */
export function productionDependencies(folder: string): readonly ProductionDependency[] {
  const { packages }: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  )
  const seen = new Set([folder])
  for (const path of seen) {
    const { dependencies = {}, optionalDependencies = {} } = packages[path] ?? {}
    for (const name of Object.keys(dependencies)) {
      // npm's lock lists an optional dependency in both.
      if (Object.hasOwn(optionalDependencies, name)) continue
      const found = findLocked(packages, path, name)
      if (found === undefined) throw new Error(`package-lock.json: ${path} wants ${name}, which is not there`)
      seen.add(found)
    }
  }
  const found = new Map(
    [...seen]
      .filter((path) => path.includes('node_modules/'))
      .map((path) => {
        const { version = '', license } = packages[path] ?? {}
        const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
        return [`${name}@${version}`, { name, version, licence: license }] as const
      }),
  )
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
}

/** Where Node would find it: beside the package, then further and further up. A link leads to a package of ours. */
function findLocked(
  packages: Readonly<Record<string, Locked>>,
  from: string,
  name: string,
): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
    const path = `${at === '' ? '' : `${at}/`}node_modules/${name}`
    const locked = packages[path]
    if (locked !== undefined) return locked.link === true ? locked.resolved : path
    if (at === '') return undefined
  }
}
