import { createHash } from 'node:crypto'
import type { PackedFiles } from './packed-files.ts'

const versionMark = '@behalf-version@'
const digestMark = '@behalf-digest@'

/** What a function says first: which version it is of, and of which zip. */
export const stampLine: string = `process.stdout.write('{"started":{"version":"${versionMark}","digest":"${digestMark}"}}\\n')`

/** A zip's files with its version and digest written into the function, and that digest. */
export interface Stamped {
  readonly files: PackedFiles
  /** SHA-256 of the names and contents of all files, in hex, as they were before this was written into one of them. */
  readonly digest: string
}

/** Writes the version and a digest of all files into the function. The same files make the same digest. */
export function stamp(files: PackedFiles, version: string): Stamped {
  const hash = createHash('sha256')
  for (const [name, bytes] of Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}\0${bytes.length}\0`).update(bytes)
  const digest = hash.update(version).digest('hex')
  const code = new TextDecoder().decode(files['index.mjs'])
  const stamped = code.replaceAll(versionMark, version).replaceAll(digestMark, digest)
  return { files: { ...files, 'index.mjs': new TextEncoder().encode(stamped) }, digest }
}
