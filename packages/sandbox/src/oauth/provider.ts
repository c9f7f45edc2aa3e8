import { randomBytes } from 'node:crypto'
import Provider, { type ErrorOut, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { escapeHtml } from '../http/reply.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { plays } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import { systemScopes } from '../org/scope.ts'
import { admitRequest } from './admission.ts'
import { demandAssurance } from './assurance.ts'
import { clientMetadata } from './client-metadata.ts'
import { respondByMessage } from './post-message.ts'
import { Store } from './store.ts'
import { addTokenExchange } from './token-exchange.ts'

const dayInSeconds = 24 * 60 * 60

/**
 * Returns the OAuth protocol of one authorization server: it checks requests and remembers grants. The tokens that it
 * issues are handles; what clients get is minted from them.
 */
export function createProvider(org: Org, server: AuthorizationServer): Provider {
  const store = new Store(org.clock)
  const resource = `urn:okta:authorization-server:${server.id}`
  const mountPath = `/oauth2/${server.id}`
  const cookiePrefix = `sandbox_${new URL(org.url).port}_${server.id}`
  const policy = interactionPolicy.base()
  policy.remove('consent')
  demandAssurance(policy, org.clock)
  const provider = new Provider(server.issuer, {
    adapter: (model) => store.adapter(model, (clientId) => clientMetadata(org.apps.get(clientId))),
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    clientBasedCORS: () => true,
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: {
        session: `${cookiePrefix}_session`,
        interaction: `${cookiePrefix}_interaction`,
        resume: `${cookiePrefix}_resume`,
      },
      long: { httpOnly: true, sameSite: 'lax', path: mountPath },
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, indicator, client) => {
          if (indicator !== resource) throw new errors.InvalidTarget()
          admitRequest(ctx, org, server, client.clientId)
          return {
            scope: server.scopes.map(({ name }) => name).join(' '),
            accessTokenFormat: 'opaque',
            // The minted token says when it expires; its handle only has to outlive it.
            accessTokenTTL: dayInSeconds,
          }
        },
      },
    },
    findAccount: (_ctx, accountId) => {
      if (org.users.get(accountId)?.status !== 'ACTIVE') return undefined
      return { accountId, claims: async () => ({ sub: accountId }) }
    },
    interactions: { policy, url: (_ctx, { uid }) => `${mountPath}/sign-in/${uid}` },
    issueRefreshToken: (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    jwks: { keys: [server.keys.active.privateJwk] },
    loadExistingGrant: (ctx) => grantEverythingAsked(ctx, resource),
    pkce: { required: (_ctx, client) => org.apps.get(client.clientId)?.pkceRequired !== false },
    renderError: (ctx, out) => renderErrorPage(ctx, out),
    rotateRefreshToken: () => plays(org.facts, 'refresh-rotated', 'rotated'),
    routes: {
      authorization: '/v1/authorize',
      token: '/v1/token',
      jwks: '/v1/keys',
      introspection: '/v1/introspect',
      revocation: '/v1/revoke',
      userinfo: '/v1/userinfo',
      end_session: '/v1/logout',
    },
    scopes: [...systemScopes],
    ttl: {
      AuthorizationCode: 60,
      Interaction: 600,
      Session: 7200,
      Grant: 90 * dayInSeconds,
      RefreshToken: 90 * dayInSeconds,
      IdToken: 3600,
      AccessToken: dayInSeconds,
      ClientCredentials: dayInSeconds,
    },
  })
  addTokenExchange(provider, org, server)
  // It is told the scheme of a request's URL.
  provider.proxy = true
  provider.onerror = reportFault
  provider.registerResponseMode('okta_post_message', respondByMessage)
  return provider
}

/** Koa would print every one; a client that went away is no fault of the sandbox. */
function reportFault(error: Error & { readonly code?: string }): void {
  if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') process.emitWarning(error)
}

/** A fault that must not be sent to the app, because the app is not known to be the right one. */
function renderErrorPage(ctx: KoaContextWithOIDC, fault: ErrorOut): void {
  const description = escapeHtml(fault.error_description ?? '')
  ctx.type = 'html'
  ctx.body = `<!doctype html><title>Error</title><h1>${escapeHtml(fault.error)}</h1><p>${description}</p>`
}

/** Administrators consent for their users: whoever signs in grants what the policy lets the app ask for. */
async function grantEverythingAsked(
  ctx: KoaContextWithOIDC,
  resource: string,
): Promise<InstanceType<Provider['Grant']> | undefined> {
  const { client, account, params, provider } = ctx.oidc
  if (client === undefined || account === undefined) return undefined
  const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId })
  const scope = String(params?.['scope'] ?? '')
  grant.addOIDCScope(scope)
  grant.addResourceScope(resource, scope)
  await grant.save()
  return grant
}
