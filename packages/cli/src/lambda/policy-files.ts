import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { cwd } from 'node:process'
import type { Policy } from '@behalf/hook'
import { CommandError } from '../terminal/command.ts'

/**
 * The files that a policy is read from, by their paths below the current folder: Lambda runs a function in the
 * folder that its zip is unpacked to, so that the same paths lead to them there.
 *
 * @throws CommandError when a file lies elsewhere
 */
export function policyFiles(policy: Policy | undefined): Readonly<Record<string, Uint8Array>> {
  if (policy === undefined || typeof policy === 'function') return {}
  const paths = (policy.files ?? []).flatMap((path) =>
    statSync(path).isDirectory()
      ? readdirSync(path)
          .filter((name) => name.endsWith('.cedar'))
          .map((name) => join(path, name))
          .filter((file) => statSync(file).isFile())
      : [path],
  )
  return Object.fromEntries(paths.map((path) => [nameInZip(path), readFileSync(path)]))
}

function nameInZip(path: string): string {
  const name = relative(cwd(), path)
  if (name.startsWith('..'))
    throw new CommandError(`${name} lies outside of this folder, so it cannot be packed`)
  return name.split(sep).join('/')
}
