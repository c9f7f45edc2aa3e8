import { zipSync } from 'fflate'

/** The earliest time that a zip can hold; any fixed one makes the same input the same bytes. */
const noTime = new Date(1980, 0, 1)
/** Made on Unix and readable by everybody, because Lambda runs functions as another user. */
const unix = 3
const readableFile = 0o100644 << 16

/** Returns a zip of files by name, the same bytes for the same files. */
export function zip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return zipSync(Object.fromEntries(entries), { level: 9, mtime: noTime, os: unix, attrs: readableFile })
}
