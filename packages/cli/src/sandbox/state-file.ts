import { constants, existsSync } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UsageError } from '../terminal/command.ts'

/** Refuses a state that could not be written in the end, when it would be too late. */
export async function requireWritableState(file: string): Promise<void> {
  const folder = dirname(file)
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new UsageError(`the folder of --state ${file} does not exist; create it first`)
  await access(existsSync(file) ? file : folder, constants.W_OK)
}
