/** What is wrong with a path and what to do, by the code of the file system. */
const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; check the path, or create its folder first',
  EEXIST: 'exists already; choose another path',
  ENOTDIR: 'leads through a file as if it were a folder; choose another path',
  EISDIR: 'is a folder; name a file',
  EACCES: 'may not be read or written; change its permissions or choose another path',
  EPERM: 'may not be read or written; change its permissions or choose another path',
  EROFS: 'may not be written; choose another path',
  ELOOP: 'leads through links that lead back; choose another path',
  EMFILE: 'cannot be opened, because too many files are open',
  ENAMETOOLONG: 'has a name that is too long; choose another path',
  ENOSPC: 'cannot be written, because the disk is full; make room or choose another path',
  ERR_INVALID_ARG_VALUE: 'is no path; check it',
}

/**
 * Says in one sentence what is wrong with which path; undefined when the error is not the file system's.
 *
 * @param called - what to call the path when it is not to be shown
 */
export function describeFileFault(error: unknown, called?: string): string | undefined {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return undefined
  const { code } = error
  if (called === undefined && !('syscall' in error)) return undefined
  const sentence = sentences[code]
  if (sentence === undefined) return called === undefined ? undefined : `${called} cannot be read (${code})`
  // What is written anew has a name of its own until it takes the one that was asked for.
  const named = 'dest' in error ? error.dest : 'path' in error ? error.path : undefined
  const path = called ?? (typeof named === 'string' ? named : undefined)
  if (path !== undefined) return `${path} ${sentence}`
  // Reading from an open folder fails without a path.
  return code === 'EISDIR' ? `what was named as a file ${sentence}` : undefined
}
