import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { replyHtml } from '../http/reply.ts'
import { sessionIdOf, setSessionCookie } from '../http/session-cookie.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import type { Org } from '../org/org.ts'

/**
 * Ends the user's session at this server and sends the browser back to the app that holds its ID token. An
 * expired ID token will do; one that this server did not sign, or an address that is not registered, will not.
 * @see OpenID Connect RP-Initiated Logout 1.0 §2
 */
export async function logOut(
  org: Org,
  server: AuthorizationServer,
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { searchParams } = new URL(request.url ?? '', org.url)
  const claims = await server.keys.open(searchParams.get('id_token_hint') ?? '')
  const app = org.apps.get(String(claims?.['aud']))
  const returnTo = searchParams.get('post_logout_redirect_uri')
  const allowed = returnTo === null || app?.postLogoutRedirectUris.includes(returnTo) === true
  if (app === undefined || !allowed) {
    replyHtml(response, 400, '<!doctype html><p>This sign-out was not asked for by a known app.</p>')
    return
  }
  const session = await provider.Session.get(provider.createContext(request, response))
  if (session.accountId !== undefined) await session.destroy()
  org.sessions.end(sessionIdOf(request))
  setSessionCookie(response, undefined)
  if (returnTo === null) {
    replyHtml(response, 200, '<!doctype html><p>You are signed out.</p>')
    return
  }
  const location = new URL(returnTo)
  const state = searchParams.get('state')
  if (state !== null) location.searchParams.set('state', state)
  response.writeHead(302, { location: location.href, 'content-length': 0 }).end()
}
