import { findSandbox } from '../sandbox/running-sandbox.ts'
import { UsageError } from '../terminal/command.ts'

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
  const { origin, pathname } = new URL(issuer)
  const sandbox = await findSandbox(origin)
  if (sandbox === undefined)
    throw new UsageError('--sign-in works with a sandbox only; elsewhere give --assertion FILE')
  const server = isUsersIssuer ? /^\/oauth2\/([^/]+)$/.exec(pathname)?.[1] : undefined
  return sandbox.userToken({ login, server, app: appId, scopes: [] })
}
