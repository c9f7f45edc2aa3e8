import { asUsageError } from '../config/unusable-options.ts'
import { readNamedFile } from '../files/read-file.ts'

/** Reads a seed or a state that a user has named; what is wrong with its content is told with the file's name. */
export async function readWith<T>(file: string, parse: (text: string) => T): Promise<T> {
  const text = await readNamedFile(file)
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof TypeError) throw asUsageError(error, `${file}: `)
    throw error
  }
}
