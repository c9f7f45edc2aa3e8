import { CommandError } from './command.ts'

/** Starts a server, and says in one sentence why it cannot listen where it was told to. */
export async function whenListening<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') throw new CommandError('the port is in use; choose another with --port')
    if (code === 'EACCES')
      throw new CommandError('the port may not be used; choose one above 1023 with --port')
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new CommandError('the host is not an address of this machine; choose another with --host')
    throw error
  }
}
