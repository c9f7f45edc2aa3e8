import type Provider from 'oidc-provider'
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { epochSeconds } from '../org/clock.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import { accessTokenType, tokenExchangeGrant } from '../org/token-exchange-grant.ts'
import { admitExchange } from './admission.ts'

/** What Native SSO and Native-to-Web SSO ask with: the same grant, for sign-in and not for APIs. */
const interclientTokenType = 'urn:okta:oauth:token-type:interclient_token'

/** The parameters of the grant, besides those of every token request. `audience` is the server's own: it has one. */
const parameters = ['subject_token', 'subject_token_type', 'requested_token_type', 'actor_token', 'scope']

/**
 * Teaches a server Okta's on-behalf-of token exchange: a service app presents a person's access token, of this server or
 * of one that it trusts, and gets one of this server. Other uses of the grant are told apart and refused.
 *
 * @see https://developer.okta.com/docs/guides/set-up-token-exchange/main/
 */
export function addTokenExchange(provider: Provider, org: Org, server: AuthorizationServer): void {
  provider.registerGrantType(
    tokenExchangeGrant,
    async (ctx) => {
      const { client, params } = ctx.oidc
      requireOnBehalfOf({ ...params })
      const { user, scopes } = await subjectOf(ctx, org, server)
      admitExchange(org, server, { clientId: client.clientId, scopes, userId: user.id })
      const grant = new provider.Grant({ clientId: client.clientId, accountId: user.id })
      const token = new provider.AccessToken({
        accountId: user.id,
        client,
        grantId: await grant.save(),
        gty: tokenExchangeGrant,
        scope: scopes.join(' '),
      })
      ctx.oidc.entity('AccessToken', token)
      ctx.body = { access_token: await token.save() }
    },
    parameters,
  )
}

function requireOnBehalfOf(params: Readonly<Record<string, unknown>>): void {
  const { subject_token: token, subject_token_type: type, requested_token_type: requested } = params
  if (requested === interclientTokenType || params['actor_token'] !== undefined)
    throw new errors.InvalidRequest(
      'The sandbox has the On-Behalf-Of token exchange, and neither Native SSO nor Native-to-Web SSO.',
    )
  if (requested !== undefined && requested !== accessTokenType)
    throw new errors.InvalidRequest('The requested_token_type is not supported.')
  if (typeof token !== 'string' || type !== accessTokenType)
    throw new errors.InvalidRequest('A subject_token of the type access_token is required.')
}

/** Whose token is presented, and for which scopes one is asked. */
async function subjectOf(
  { oidc }: KoaContextWithOIDC,
  org: Org,
  server: AuthorizationServer,
): Promise<{ readonly user: { readonly id: string }; readonly scopes: readonly string[] }> {
  const { subject_token: token, scope } = oidc.params ?? {}
  const claims = await openTrusted(String(token), org, server)
  const user = org.users.get(String(claims?.['uid']))
  if (claims === undefined || user?.status !== 'ACTIVE')
    throw new errors.InvalidRequest('The subject_token is not valid.')
  if (typeof scope !== 'string') throw new errors.InvalidScope("The 'scope' must be provided.", '')
  return { user, scopes: scope.split(' ') }
}

async function openTrusted(
  jwt: string,
  org: Org,
  server: AuthorizationServer,
): Promise<JsonObject | undefined> {
  const trusted = [server.id, ...(server.trustedServers ?? [])]
  for (const { keys, issuer } of trusted.flatMap((id) => org.authorizationServers.get(id) ?? [])) {
    const claims = await keys.open(jwt)
    if (claims?.['iss'] === issuer && Number(claims['exp']) > epochSeconds(org.clock)) return claims
  }
  return undefined
}
