import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { cwd } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { ConfigFault } from '../../errors/config-error.ts'

/** A text of policies or entities and what to call it in messages. */
export interface SourceFile {
  readonly name: string
  readonly text: string
}

/** Files that were read, and what was wrong with those that were not. */
export interface SourceFiles {
  readonly files: readonly SourceFile[]
  /** The places that were named, and the folders below them. */
  readonly watched: readonly string[]
  readonly faults: readonly ConfigFault[]
}

/** Deeper ones are links that lead back to a folder above. */
const maxDepth = 16

/** The path of a place that was given as a path or as a `file:` URL. */
function pathOf(place: string | URL): string {
  return typeof place === 'string' ? place : fileURLToPath(place)
}

/**
 * Reads files, and of folders and all that are below them the files that end in `.cedar`, in the order of their
 * names. A file that looks like one of policies, by its name or by what is in it, and has another ending is a fault: it
 * would forbid nothing.
 *
 * @param kind - whether folders will do
 */
export function readSourceFiles(
  places: readonly (string | URL)[],
  kind: 'files' | 'files and folders' = 'files and folders',
): SourceFiles {
  const found: Found = { files: [], watched: [], faults: [] }
  for (const path of places.map(pathOf)) {
    const before = found.files.length + found.faults.length
    found.watched.push(path)
    if (kind === 'files' && isFolder(path))
      found.faults.push({ path: nameOf(path), problem: 'is a folder; name a file' })
    else readPlace(path, 0, found)
    if (found.files.length + found.faults.length === before)
      found.faults.push({ path: nameOf(path), problem: 'holds no file that ends in .cedar' })
  }
  return found
}

interface Found {
  readonly files: SourceFile[]
  readonly watched: string[]
  readonly faults: ConfigFault[]
}

function readPlace(path: string, depth: number, found: Found): void {
  try {
    const place = statSync(path)
    if (place.isDirectory()) readFolder(path, depth, found)
    else if (place.isFile()) found.files.push({ name: nameOf(path), text: readFileSync(path, 'utf8') })
    else found.faults.push({ path: nameOf(path), problem: 'is neither a file nor a folder' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown fault'
    found.faults.push({ path: nameOf(path), problem: `cannot be read (${code})` })
  }
}

function readFolder(folder: string, depth: number, found: Found): void {
  if (depth > maxDepth) {
    found.faults.push({ path: nameOf(folder), problem: `lies more than ${maxDepth} folders deep` })
    return
  }
  if (depth > 0) found.watched.push(folder)
  for (const name of readdirSync(folder).toSorted()) {
    const path = join(folder, name)
    const holdsFiles = isFolder(path)
    // Mounted configurations keep their versions in such folders, and link to the files of one of them.
    if (holdsFiles && name.startsWith('..')) continue
    if (holdsFiles || name.endsWith('.cedar')) readPlace(path, depth + 1, found)
    else if (isMisspelt(name) || holdsPolicies(name, path))
      found.faults.push({
        path: nameOf(path),
        problem: 'looks like policies and is not read: let its name end in .cedar, or move it elsewhere',
      })
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/**
 * Whether a name is one of policies with more behind it, or with letters of its ending lost or swapped. Names that begin
 * with a dot are copies that editors keep while a file is open.
 */
function isMisspelt(name: string): boolean {
  return !name.startsWith('.') && /\.cedar(?!schema(\.json)?$)|\.c[ader]{3,5}$/i.test(name)
}

/** What stands before the head of a policy: the end of another, of a comment or of an annotation, or nothing. */
const headOfPolicy = /(?:^|[;/\n)])[ \t]*(?:permit|forbid)\s*\(\s*principal\b/
/** A policy further down than this is no policy by mistake. */
const mostLookedAt = 1_048_576

/** Whether a file of any name has policies in it; documents quote some, and copies of editors begin with a dot. */
function holdsPolicies(name: string, path: string): boolean {
  if (name.startsWith('.') || /\.(md|html?|cedarschema|[cm]?[jt]s|ya?ml)$/i.test(name)) return false
  const file = statSync(path, { throwIfNoEntry: false })
  return file?.isFile() === true && file.size <= mostLookedAt && headOfPolicy.test(readFileSync(path, 'utf8'))
}

function nameOf(path: string): string {
  return relative(cwd(), path) || '.'
}
