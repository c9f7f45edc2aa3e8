import type { KoaContextWithOIDC } from 'oidc-provider'
import type { TokenDrafts } from '../inline-hook/token-draft.ts'
import type { App } from '../org/app.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import type { Org } from '../org/org.ts'
import type { LogParty, LogRequest } from '../org/system-log.ts'

/** Writes which tokens an app was given. */
export function logGrant(
  org: Org,
  server: AuthorizationServer,
  app: App,
  request: LogRequest,
  { identity }: TokenDrafts,
): void {
  const types = identity === undefined ? ['access'] : ['access', 'id']
  for (const type of types) {
    org.systemLog.write({
      eventType: `app.oauth2.as.token.grant.${type}_token`,
      displayMessage: `OAuth2 ${type} token is granted`,
      severity: 'INFO',
      outcome: { result: 'SUCCESS' },
      actor: { id: app.clientId, type: 'PublicClientApp', displayName: app.label },
      target: [serverParty(server)],
      request,
    })
  }
}

/** Writes that a token request was refused, and the OAuth error; not its description, which a hook may write. */
export function logRefusedGrant(
  ctx: KoaContextWithOIDC,
  org: Org,
  server: AuthorizationServer,
  request: LogRequest,
): void {
  const { client } = ctx.oidc
  const body: unknown = ctx.body
  const error = typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : 'unknown'
  const id = client?.clientId ?? 'unknown'
  org.systemLog.write({
    eventType: 'app.oauth2.as.token.grant',
    displayMessage: 'OAuth2 token request',
    severity: 'WARN',
    outcome: { result: 'FAILURE', reason: error },
    actor: { id, type: 'PublicClientApp', displayName: client?.clientName ?? id },
    target: [serverParty(server)],
    request,
  })
}

function serverParty({ id, name }: AuthorizationServer): LogParty {
  return { id, type: 'authorization_server', displayName: name }
}
