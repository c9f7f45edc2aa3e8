import { isLoopback } from '@behalf/core/internal'

/** The id of the users' authorization server wherever we write of one. */
export const usersServerId = 'users'

const timeoutMs = 5_000

/**
 * Finds where the users of a sandbox sign in: at its server `users`, and at the issuer itself when it has none, as in
 * the layout with one server, or when it is no sandbox on this machine, which signs nobody in here.
 */
export async function findUsersIssuer(issuer: string): Promise<string> {
  const users = URL.parse(`/oauth2/${usersServerId}`, issuer)
  if (users === null || !isLoopback(users.hostname)) return issuer
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const metadata = await fetch(`${users.href}/.well-known/oauth-authorization-server`, {
      redirect: 'manual',
      signal,
    })
    await metadata.body?.cancel()
    return metadata.ok ? users.href : issuer
  } catch {
    // The sign-in says what cannot be reached.
    return issuer
  }
}
