import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { matchPolicies, type PolicyMatch } from '../org/access-policy.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { systemScopes } from '../org/scope.ts'

/**
 * Admits an authorization or token request to a server: its scopes exist, and a rule matches.
 *
 * A request of a machine that names no scope is given the server's default scopes.
 *
 * @throws the OAuth errors that Okta answers with: `invalid_scope` or `access_denied`
 */
export function admitRequest(ctx: KoaContextWithOIDC, server: AuthorizationServer, clientId: string): void {
  const params = ctx.oidc.params ?? {}
  const machine = params['grant_type'] === 'client_credentials'
  if (ctx.oidc.route === 'authorization') restoreOfflineAccess(ctx, params)
  if (machine && params['scope'] === undefined) params['scope'] = defaultScopes(server)
  const scopes = requestedScopes(ctx)
  requireKnownScopes(scopes, server, machine)
  if (matchRequest(server, clientId, machine ? 'client_credentials' : 'authorization_code', scopes)) return
  throw new errors.AccessDenied(
    'Policy evaluation failed for this request, please check the policy configurations.',
  )
}

/** Finds the rule for a request; refreshed tokens fall under the rule of the code flow. */
export function matchRequest(
  server: AuthorizationServer,
  clientId: string,
  grantType: 'client_credentials' | 'authorization_code',
  scopes: readonly string[],
): PolicyMatch | undefined {
  return matchPolicies(server.policies, { clientId, grantType, scopes })
}

function requestedScopes({ oidc }: KoaContextWithOIDC): readonly string[] {
  const asked = oidc.params?.['scope']
  const scope = typeof asked === 'string' ? asked : (oidc.authorizationCode ?? oidc.refreshToken)?.scope
  return scope === undefined ? [] : scope.split(' ')
}

function defaultScopes({ scopes }: AuthorizationServer): string {
  const names = scopes.filter((scope) => scope.default).map(({ name }) => name)
  if (names.length > 0) return names.join(' ')
  throw new errors.InvalidScope(
    "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
    '',
  )
}

function requireKnownScopes(
  requested: readonly string[],
  { scopes }: AuthorizationServer,
  machine: boolean,
): void {
  const known = new Set(scopes.map(({ name }) => name))
  const unknown = requested.find((name) => !known.has(name) || (machine && systemScopes.includes(name)))
  if (unknown === undefined) return
  throw new errors.InvalidScope(
    'One or more scopes are not configured for the authorization server resource.',
    unknown,
  )
}

/** `oidc-provider` grants `offline_access` only with consent; Okta, to every client with refresh tokens. */
function restoreOfflineAccess(ctx: KoaContextWithOIDC, params: Record<string, unknown>): void {
  const asked = String(ctx.query['scope'] ?? '').split(' ')
  if (!asked.includes('offline_access') || ctx.oidc.client?.grantTypeAllowed('refresh_token') !== true) return
  const kept = typeof params['scope'] === 'string' ? params['scope'].split(' ') : []
  params['scope'] = [...new Set([...kept, 'offline_access'])].join(' ')
}
