import { writeFile } from 'node:fs/promises'
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
    if (code === 'ENOENT') throw new CommandError(`the folder of ${path} does not exist; create it first`)
    if (code === 'EACCES' || code === 'EROFS' || code === 'EISDIR')
      throw new CommandError(`${path} may not be written; choose another place`)
    throw error
  }
}
