import { UsageError } from '../terminal/command.ts'

/** Says what is wrong with options to whoever gave them: what a library of ours throws about its options has no values. */
export async function asUsage<T>(started: () => Promise<T>): Promise<T> {
  try {
    return await started()
  } catch (error) {
    if (error instanceof TypeError) throw asUsageError(error)
    throw error
  }
}

/** @param prefix - where the options are from */
export function asUsageError({ message }: TypeError, prefix: string = ''): UsageError {
  const [sentence, ...details] = message.split('\n')
  return new UsageError(
    `${prefix}${sentence}`,
    details.map((detail) => detail.trim()),
  )
}
