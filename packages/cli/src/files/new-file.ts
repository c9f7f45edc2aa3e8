import { randomBytes } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CommandError } from '../terminal/command.ts'

/** Writes a file that only its owner can read, and never over one that is there. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await writeNewFile(path, content, 0o600)
}

/** Writes a file, and never over one that is there. */
export async function writeNewFile(path: string, content: string, mode = 0o644): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx', mode })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST')
      throw new CommandError(`${path} exists already and is left as it is; choose another name`)
    throw error
  }
}

/**
 * Writes a file that only its owner can read in place of one that may be there, whoever could read that one: the
 * new one is whole before it takes the name.
 */
export async function replacePrivateFile(path: string, content: string | Uint8Array): Promise<void> {
  const made = join(dirname(path), `.${randomBytes(9).toString('base64url')}.tmp`)
  try {
    await writeFile(made, content, { flag: 'wx', mode: 0o600 })
    await rename(made, path)
  } catch (error) {
    await rm(made, { force: true })
    throw error
  }
}
