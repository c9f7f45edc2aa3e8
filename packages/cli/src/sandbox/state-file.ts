import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UsageError } from '../terminal/command.ts'

/** Refuses a state that could not be written in the end, when it would be too late: it is made beside and renamed. */
export async function requireWritableState(file: string): Promise<void> {
  const folder = dirname(file)
  if (!(await isFolder(folder)))
    throw new UsageError(`the folder of --state ${file} does not exist; create it first`)
  if (await isFolder(file)) throw new UsageError(`--state ${file} is a folder; name a file`)
  await access(folder, constants.W_OK)
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
