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
  readonly faults: readonly ConfigFault[]
}

/** The path of a place that was given as a path or as a `file:` URL. */
export function pathOf(place: string | URL): string {
  return typeof place === 'string' ? place : fileURLToPath(place)
}

/** Reads files, and of folders the files in them that end in `.cedar`, in the order of their names. */
export function readSourceFiles(places: readonly (string | URL)[]): SourceFiles {
  const files: SourceFile[] = []
  const faults: ConfigFault[] = []
  for (const path of places.map(pathOf)) {
    const name = relative(cwd(), path) || '.'
    try {
      const inFolder = statSync(path).isDirectory()
      const paths = inFolder
        ? readdirSync(path)
            .filter((entry) => entry.endsWith('.cedar'))
            .toSorted()
            .map((entry) => join(path, entry))
        : [path]
      if (paths.length === 0) faults.push({ path: name, problem: 'holds no file that ends in .cedar' })
      for (const file of paths) files.push({ name: relative(cwd(), file), text: readFileSync(file, 'utf8') })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown fault'
      faults.push({ path: name, problem: `cannot be read (${code})` })
    }
  }
  return { files, faults }
}
