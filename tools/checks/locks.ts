/**
 * Holds lock files complete: whatever a locked package may install, on any platform, has an entry. npm leaves out
 * builds that were not to be had when the lock was written, and `npm ci` then refuses it on every other machine.
 * It also holds that no lock names a registry's address.
 */
import { globSync, readFileSync } from 'node:fs'

interface LockedPackage {
  readonly resolved?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const faults: string[] = []
const locks = globSync('**/package-lock.json', { exclude: (path) => /(^|\/)node_modules$/.test(path) })

for (const lock of locks) {
  const { packages }: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
    readFileSync(lock, 'utf8'),
  )
  for (const [path, { resolved, dependencies, optionalDependencies }] of Object.entries(packages)) {
    if (resolved?.includes('://')) faults.push(`${lock}: ${path} names the address it came from`)
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
      if (!isLocked(packages, path, name))
        faults.push(`${lock}: ${name}, which ${path || 'it'} wants, is missing`)
  }
}

/** Looks where Node would: beside the package, then further and further up. */
function isLocked(packages: object, path: string, name: string): boolean {
  if (Object.hasOwn(packages, `${path === '' ? '' : `${path}/`}node_modules/${name}`)) return true
  if (path === '') return false
  const parent = path.lastIndexOf('/node_modules/')
  return isLocked(packages, parent === -1 ? '' : path.slice(0, parent), name)
}

for (const fault of faults) console.error(fault)
console.log(`lock files: ${faults.length === 0 ? `${locks.length} complete` : `${faults.length} faults`}`)
process.exitCode = faults.length === 0 ? 0 : 1
