import { CommandError } from '../terminal/command.ts'

/**
 * Starts a server, and says in one sentence why it cannot listen where it was told to.
 *
 * @param portOption - the option that its port came from
 */
export async function whenListening<T>(start: () => Promise<T>, portOption = '--port'): Promise<T> {
  try {
    return await start()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE')
      throw new CommandError(`${portOf(error)} is in use; choose another with ${portOption}`)
    if (code === 'EACCES')
      throw new CommandError(`the port may not be used; choose one above 1023 with ${portOption}`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new CommandError('the host is not an address of this machine; choose another with --host')
    throw error
  }
}

/** The port that Node's error names, since a command may listen on several. */
function portOf(error: unknown): string {
  return error instanceof Error && 'port' in error ? `port ${error.port}` : 'the port'
}
