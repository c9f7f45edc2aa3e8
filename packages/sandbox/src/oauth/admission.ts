import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { matchPolicies, type PolicyMatch } from '../org/access-policy.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { groupsOf } from '../org/group.ts'
import { plays } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import { systemScopes } from '../org/scope.ts'
import { tokenExchangeGrant } from '../org/token-exchange-grant.ts'

/**
 * Admits an authorization or token request to a server: its scopes exist, and a rule matches.
 *
 * A request of a machine that names no scope is given the server's default scopes.
 *
 * @throws the OAuth errors that Okta answers with: `invalid_scope` or `access_denied`
 */
export function admitRequest(
  ctx: KoaContextWithOIDC,
  org: Org,
  server: AuthorizationServer,
  clientId: string,
): void {
  const params = ctx.oidc.params ?? {}
  const machine = params['grant_type'] === 'client_credentials'
  if (ctx.oidc.route === 'authorization') restoreOfflineAccess(ctx, params)
  if (machine && params['scope'] === undefined) params['scope'] = defaultScopes(server)
  const scopes = requestedScopes(ctx)
  if (machine && scopes.some((name) => systemScopes.includes(name)))
    if (plays(org.facts, 'machine-openid', 'access_denied')) throw new errors.AccessDenied()
  requireKnownScopes(scopes, server, machine)
  if (params['grant_type'] === 'refresh_token' && plays(org.facts, 'refresh-rule', 'none'))
    throw new errors.AccessDenied(policyFailed)
  const grantType = machine ? 'client_credentials' : 'authorization_code'
  if (matchRequest(org, server, { clientId, grantType, scopes, userId: userOf(ctx) })) return
  throw new errors.AccessDenied(policyFailed)
}

/**
 * Admits an exchange of a person's token.
 *
 * @throws the OAuth errors that Okta answers with: `invalid_scope` or `access_denied`
 */
export function admitExchange(
  org: Org,
  server: AuthorizationServer,
  request: Omit<AdmittedRequest, 'grantType'>,
): void {
  requireKnownScopes(request.scopes, server, false)
  if (matchRequest(org, server, { ...request, grantType: tokenExchangeGrant }) === undefined)
    throw new errors.AccessDenied(policyFailed)
}

const policyFailed = 'Policy evaluation failed for this request, please check the policy configurations.'

/** What a rule is looked for. */
export interface AdmittedRequest {
  readonly clientId: string
  readonly grantType: 'client_credentials' | 'authorization_code' | typeof tokenExchangeGrant
  readonly scopes: readonly string[]
  /** Absent for machines, and before a person has signed in. */
  readonly userId: string | undefined
}

/** Finds the rule for a request; refreshed tokens fall under the rule of the code flow. */
export function matchRequest(
  org: Org,
  { policies }: AuthorizationServer,
  { userId, ...request }: AdmittedRequest,
): PolicyMatch | undefined {
  const unnamedAreNobody = plays(org.facts, 'people-unnamed', 'not admitted')
  if (userId === undefined) return matchPolicies(policies, { ...request, unnamedAreNobody })
  const groupIds = groupsOf(org, userId).map(({ id }) => id)
  return matchPolicies(policies, { ...request, unnamedAreNobody, person: { userId, groupIds } })
}

/** Who has signed in, as far as that is known: before, the rules' people do not count. */
function userOf({ oidc }: KoaContextWithOIDC): string | undefined {
  const { authorizationCode, refreshToken, session, params } = oidc
  if (oidc.route === 'token') return (authorizationCode ?? refreshToken)?.accountId
  // Who is asked to sign in anew may turn out to be somebody else.
  return oidc.route === 'authorization' && params?.['prompt'] === 'login' ? undefined : session?.accountId
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
