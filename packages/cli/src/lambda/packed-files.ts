import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { cwd } from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Policy } from '@behalf/hook'
import { CommandError } from '../terminal/command.ts'
import { pathInZip } from './module-location.ts'

/** Files by their paths in the zip: those below the current folder, because Lambda runs a function where it is unpacked. */
export type PackedFiles = Readonly<Record<string, Uint8Array>>

const maxFiles = 1_000

/**
 * Returns the files that a policy is read from.
 *
 * @throws CommandError when a file lies elsewhere than below the current folder
 */
export function policyFiles(policy: Policy | undefined): PackedFiles {
  const places = typeof policy === 'object' ? (policy.files ?? []) : []
  // The folders inside of a folder are places of their own.
  return read(places.flatMap((path) => (isFolder(path) ? filesIn(path, /\.cedar$/) : [path])))
}

/**
 * Returns the files and folders that were asked for.
 *
 * @throws CommandError when one does not exist or lies elsewhere than below the current folder
 */
export function includedFiles(paths: readonly string[]): PackedFiles {
  return read(
    paths.flatMap((path) => {
      if (statSync(path, { throwIfNoEntry: false }) === undefined)
        throw new CommandError(`--include ${path} does not exist`)
      return allFilesIn(path)
    }),
  )
}

/**
 * Returns the files that sources name in so many words: by `new URL('./x', import.meta.url)`, or by a path to read from the
 * current folder. What does not exist, or holds the sources themselves, is left to `--include`.
 *
 * @param sources - texts by their paths
 */
export function namedFiles(sources: Readonly<Record<string, string>>): PackedFiles {
  const paths = Object.entries(sources).flatMap(([file, text]) => [
    ...literals(text, /new URL\(\s*(['"`])([^'"`$]+)\1\s*,\s*import\.meta\.url\s*\)/g)
      .filter((name) => !URL.canParse(name))
      .map((name) => fileURLToPath(new URL(name, pathToFileURL(file)))),
    ...literals(text, /\breadFile(?:Sync)?\(\s*(['"`])([^'"`$]+)\1/g).map((name) => resolve(name)),
  ])
  const isPackable = (path: string): boolean =>
    pathInZip(path) !== undefined &&
    statSync(path, { throwIfNoEntry: false }) !== undefined &&
    ![cwd(), ...Object.keys(sources).map(dirname)].some((folder) =>
      `${folder}/`.startsWith(`${path.replace(/\/$/, '')}/`),
    )
  return read(paths.filter(isPackable).flatMap(allFilesIn))
}

function literals(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(([, , name]) => name ?? [])
}

/** Hidden files are left out: settings of tools, and files of secrets. */
function allFilesIn(path: string): readonly string[] {
  if (!isFolder(path)) return [path]
  const inside = readdirSync(path).filter((name) => !name.startsWith('.') && name !== 'node_modules')
  return inside.flatMap((name) => allFilesIn(join(path, name)))
}

function filesIn(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name))
    .filter((path) => !isFolder(path))
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function read(paths: readonly string[]): PackedFiles {
  if (paths.length > maxFiles) throw new CommandError(`more than ${maxFiles} files would be packed`)
  return Object.fromEntries(
    paths.map((path) => {
      const name = pathInZip(path)
      if (name === undefined)
        throw new CommandError(`${path} lies outside of this folder, so it cannot be packed`)
      return [name, readFileSync(path)]
    }),
  )
}
