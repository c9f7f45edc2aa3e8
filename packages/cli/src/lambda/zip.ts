import { Zip, ZipPassThrough } from 'fflate'
import { deflateRaw } from 'pako'

/** The earliest time that a zip can hold; any fixed one makes the same input the same bytes. */
const noTime = new Date(1980, 0, 1)
/** Made on Unix and readable by everybody, because Lambda runs functions as another user. */
const unix = 3
const readableFile = 0o100644 << 16

/** Returns a zip of files by name, the same bytes for the same files. */
export function zip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const chunks: Uint8Array[] = []
  const archive = new Zip((error, chunk) => {
    if (error !== null) throw error
    chunks.push(chunk)
  })
  const entries = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, bytes] of entries) {
    const file = new DeflatedFile(name)
    archive.add(file)
    file.push(bytes, true)
  }
  archive.end()
  return Buffer.concat(chunks)
}

/** A file of an archive, deflated as zlib does it, which takes fewer bytes than the archive's own way. */
class DeflatedFile extends ZipPassThrough {
  override readonly compression = 8
  override readonly mtime = noTime
  override readonly os = unix
  override readonly attrs = readableFile

  protected override process(bytes: Uint8Array<ArrayBuffer>, isLast: boolean): void {
    this.ondata(null, deflateRaw(bytes, { level: 9 }), isLast)
  }
}
