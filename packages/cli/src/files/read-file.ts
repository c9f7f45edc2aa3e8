import { readFile } from 'node:fs/promises'
import { UsageError } from '../terminal/command.ts'
import { describeFileFault } from './file-fault.ts'

/**
 * Reads a file of text that a user has named.
 *
 * @param called - what to call it in a complaint; its path, unless a secret may have been given in place of a path:
 *   then what has named it, such as `the file that --assertion names`
 * @throws UsageError with one sentence on why it cannot be read
 */
export async function readNamedFile(path: string, called: string = path): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new UsageError(describeFileFault(error, called) ?? `${called} cannot be read`)
  }
}
