/** What to do about a fault of the file system, by its code. */
const remedies: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; check the path, or create its folder first',
  EEXIST: 'exists already; choose another path',
  ENOTDIR: 'leads through a file as if it were a folder; choose another path',
  EISDIR: 'is a folder; name a file',
  EACCES: 'may not be read or written; change its permissions or choose another path',
  EPERM: 'may not be read or written; change its permissions or choose another path',
  EROFS: 'may not be written; choose another path',
  ENOSPC: 'cannot be written, because the disk is full; make room or choose another path',
}

/** Says in one sentence what is wrong with which path; undefined when the error is not the file system's. */
export function describeFileFault(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return undefined
  const { code } = error
  const remedy = typeof code === 'string' ? remedies[code] : undefined
  if (remedy === undefined) return undefined
  if ('path' in error && typeof error.path === 'string') return `${error.path} ${remedy}`
  // Reading from an open folder fails without a path.
  return code === 'EISDIR' ? `what was named as a file ${remedy}` : undefined
}
