import { isJsonObject, isLoopback } from '@behalf/core/internal'
import { RunningSandbox } from '../sandbox/running-sandbox.ts'
import { CommandError, UsageError } from '../terminal/command.ts'

/** Who signs in where; what is not named the sandbox finds itself. */
export interface SignIn {
  /** An issuer of the sandbox. */
  readonly issuer: string
  readonly login: string
  /** Whether the user signs in at that very issuer. */
  readonly isUsersIssuer: boolean
  /** The app that the user signs in to. */
  readonly appId: string | undefined
}

/**
 * Signs a user in at a sandbox and resolves to the user's access token. A real org is refused: it asks for passwords,
 * and those have no place here.
 */
export async function signInAtSandbox({ issuer, login, isUsersIssuer, appId }: SignIn): Promise<string> {
  const { origin, hostname, pathname } = new URL(issuer)
  const sandbox = new RunningSandbox(origin)
  // Whoever is no sandbox is not even told who signs in.
  if (!isLoopback(hostname) && !(await isSandbox(sandbox)))
    throw new UsageError('--sign-in works with a sandbox only; elsewhere give --assertion FILE')
  const server = isUsersIssuer ? /^\/oauth2\/([^/]+)$/.exec(pathname)?.[1] : undefined
  return sandbox.userToken({ login, server, app: appId, scopes: [] })
}

async function isSandbox(sandbox: RunningSandbox): Promise<boolean> {
  try {
    const health = await sandbox.call('GET', '/healthz')
    return isJsonObject(health) && health['service'] === 'sandbox'
  } catch (error) {
    if (error instanceof CommandError) return false
    throw error
  }
}
