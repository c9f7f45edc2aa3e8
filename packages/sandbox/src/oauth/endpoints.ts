import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { ExchangeFacts } from '../exchanges/recorder.ts'
import { requestIdOf } from '../http/gate.ts'
import { schemeOf } from '../http/own-origin.ts'
import { createRateLimit } from '../http/rate-limit.ts'
import { replyJson } from '../http/reply.ts'
import type { LiveOrg } from '../live-org.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { epochSeconds } from '../org/clock.ts'
import { isJsonObject, type JsonObject } from '../org/json.ts'
import { type OktaFacts, plays } from '../org/okta-facts.ts'
import type { LogRequest } from '../org/system-log.ts'
import { handleOf } from './access-token.ts'
import { adjustRequest } from './adjusted-request.ts'
import { refuseAsKnown } from './client-envelope.ts'
import { sendsSecretAsRegistered } from './client-secret.ts'
import { openIdMetadata, serverMetadata } from './discovery.ts'
import { logRefusedGrant } from './grant-log.ts'
import { introspectionAnswer, isOfStoppedUser, isReplaced } from './introspection.ts'
import { logOut } from './logout.ts'
import { mintTokens } from './mint.ts'
import { createProvider } from './provider.ts'
import { takeRequestedAudience } from './resource-parameters.ts'
import { createSignInPage } from './sign-in.ts'
import { nameUnauthorizedClient } from './unauthorized-client.ts'
import { userinfo } from './userinfo.ts'

/** Everything under `/oauth2/{id}` of one authorization server. */
export interface Endpoints {
  /** @param path - what follows `/oauth2/{id}`, without the query */
  handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>
}

/** Creates the endpoints of an authorization server, under Okta's paths. */
export function createEndpoints(org: LiveOrg, server: AuthorizationServer): Endpoints {
  const provider = createProvider(org, server)
  const signInPage = createSignInPage(org, server, provider, randomBytes(32))
  const tokenLimit = createRateLimit(org, org.rateLimits.token)
  const otherLimit = createRateLimit(org)
  const mountPath = `/oauth2/${server.id}`
  /** The claims of the access token that an introspection request presents. */
  const presented = new WeakMap<IncomingMessage, JsonObject>()
  /** The audience that a token request asked for and is granted. */
  const audiences = new WeakMap<IncomingMessage, string>()
  /** A request as it came, before it was adjusted for the protocol. */
  const logRequests = new WeakMap<IncomingMessage, LogRequest>()

  provider.use(async (ctx: KoaContextWithOIDC, next) => {
    await next()
    const request = logRequests.get(ctx.req) ?? logRequestOf(ctx.req, ctx.res)
    if (ctx.oidc?.route === 'token') {
      if (ctx.status === 200) {
        await mintTokens(ctx, org, server, { request, audience: audiences.get(ctx.req) })
      } else {
        ctx.body = withoutScope(ctx.body)
        nameUnauthorizedClient(ctx)
        logRefusedGrant(ctx, org, server, request)
        org.recorder.note(ctx.res, refusalOf(ctx))
        refuseAsKnown(ctx, org)
      }
    }
    // Okta answers nothing, of no type; a type without a body makes some libraries refuse the answer.
    if (ctx.oidc?.route === 'revocation' && ctx.status === 200) ctx.remove('content-type')
    if (ctx.oidc?.route === 'introspection' && ctx.status === 200) {
      const claims = presented.get(ctx.req)
      const active = ctx.oidc.entities.AccessToken ?? ctx.oidc.entities.ClientCredentials
      if (claims !== undefined && active !== undefined)
        ctx.body = isOfStoppedUser(claims, org)
          ? { active: false }
          : introspectionAnswer(claims, server, org.facts)
    }
  })
  const callback = provider.callback()

  /** Hands over to the protocol, which sees its own paths. */
  const delegate = (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    Object.assign(request, { originalUrl: request.url, url: request.url?.slice(mountPath.length) })
    // Redirects lead to where the org is for everybody, by the host that was asked; nobody else is believed about it.
    request.headers['x-forwarded-proto'] = schemeOf(request, org.url)
    delete request.headers['x-forwarded-host']
    return callback(request, response)
  }

  /** The claims of an access token of this server that has not expired. */
  const openAccessToken = async (jwt: string): Promise<JsonObject | undefined> => {
    const claims = await server.keys.open(jwt)
    return claims !== undefined && Number(claims['exp']) > epochSeconds(org.clock) ? claims : undefined
  }

  const issueTokens = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const logRequest = logRequestOf(request, response)
    const { adjusted, found } = await adjustRequest(request, (query, form) => ({
      asked: takeRequestedAudience(server, org.facts, { query, body: form }),
      isAsRegistered:
        plays(org.facts, 'secret-either-way', 'either') || sendsSecretAsRegistered(org, request, form),
    }))
    const { asked } = found
    if (!found.isAsRegistered)
      return replyJson(response, 401, {
        error: 'invalid_client',
        error_description: 'The method is not supported.',
      })
    if (asked.kind === 'refused') {
      org.recorder.note(response, { refusal: { error: asked.error, description: asked.description } })
      return replyJson(response, 400, { error: asked.error, error_description: asked.description })
    }
    if (asked.kind === 'granted') audiences.set(adjusted, asked.audience)
    logRequests.set(adjusted, logRequest)
    await delegate(adjusted, response)
  }

  /** Introspection and revocation know tokens by their handles. */
  const delegateWithHandle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const publicClient = publicClientOf(request)
    const { adjusted, found: claims } = await adjustRequest(request, async (_query, form) => {
      if (publicClient !== undefined) form.set('client_id', publicClient)
      const token = form.get('token') ?? ''
      if (!token.includes('.')) return undefined
      const opened = await openAccessToken(token)
      const isKept =
        (request.url ?? '').includes('/v1/revoke') &&
        plays(org.facts, 'revoke-replaced', 'not revoked') &&
        isReplaced(opened ?? {}, server)
      form.set('token', (isKept ? undefined : handleOf(opened?.['jti'])) ?? 'unknown')
      return opened
    })
    if (publicClient !== undefined) delete adjusted.headers.authorization
    if (claims !== undefined) presented.set(adjusted, claims)
    await delegate(adjusted, response)
  }

  const replyUserinfo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const jwt = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const claims = await openAccessToken(jwt)
    const stored = await provider.AccessToken.find(handleOf(claims?.['jti']) ?? '')
    const { status, body } = userinfo(org, server, stored === undefined ? undefined : claims)
    if (status !== 200) response.setHeader('www-authenticate', `Bearer error="${String(body['error'])}"`)
    replyJson(response, status, body)
  }

  const publishedKeys = (): readonly JsonObject[] =>
    org.faults.has({ kind: 'keys-withdrawn', serverId: server.id }) ? [] : server.keys.published

  return {
    async handle(request, response, path) {
      const url = request.url ?? ''
      if (path === '/v1/token') {
        if (request.method === 'POST') {
          org.recorder.follow(response, {
            id: requestIdOf(response),
            server: { id: server.id, issuer: server.issuer },
            url,
          })
        }
        const exceeded = org.faults.has({ kind: 'rate-limit', endpoint: 'token' })
        if (!tokenLimit.pass(response, url, exceeded)) return
      } else if (!otherLimit.pass(response, url)) return
      switch (path) {
        case '/.well-known/openid-configuration':
          return replyJson(response, 200, openIdMetadata(server))
        case '/.well-known/oauth-authorization-server':
          return replyJson(response, 200, serverMetadata(server))
        case '/v1/keys':
          return replyJson(response, 200, { keys: publishedKeys() })
        case '/v1/userinfo':
          return replyUserinfo(request, response)
        case '/v1/authorize':
          return delegate(
            (await adjustRequest(request, (...places) => adjustAuthorization(org.facts, places))).adjusted,
            response,
          )
        case '/v1/token':
          return request.method === 'POST' ? issueTokens(request, response) : delegate(request, response)
        case '/v1/logout':
          return logOut(org, server, provider, request, response)
        case '/v1/introspect':
        case '/v1/revoke':
          return request.method === 'POST'
            ? delegateWithHandle(request, response)
            : delegate(request, response)
        default:
          return path.startsWith('/sign-in/')
            ? signInPage.handle(request, response)
            : delegate(request, response)
      }
    },
  }
}

/** What is known of a token request that came to nothing. */
function refusalOf({ oidc, body }: KoaContextWithOIDC): ExchangeFacts {
  const { error = 'unknown', error_description: description = '' } = isJsonObject(body) ? body : {}
  const { client, params } = oidc
  const { grant_type: grantType, scope } = params ?? {}
  return {
    ...(client === undefined
      ? {}
      : { client: { id: client.clientId, label: client.clientName ?? client.clientId } }),
    ...(typeof grantType === 'string' ? { grantType } : {}),
    ...(typeof scope === 'string' ? { scopes: scope.split(' ').slice(0, maxShownScopes) } : {}),
    refusal: { error: String(error), description: String(description) },
  }
}

const maxShownScopes = 100

/** Okta does not say which scope it was. */
function withoutScope(body: unknown): unknown {
  if (!isJsonObject(body)) return body
  const { scope: _, ...others } = body
  return others
}

/** Okta, as far as is known, does not look at a resource, nor at a nonce that no ID token could carry. */
function adjustAuthorization(facts: OktaFacts, places: readonly URLSearchParams[]): void {
  for (const params of places) {
    if (plays(facts, 'authorize-resource', 'not looked at')) params.delete('resource')
    if (!plays(facts, 'authorize-nonce', 'not looked at')) continue
    if (!(params.get('scope') ?? '').split(' ').includes('openid')) params.delete('nonce')
  }
}

/** Okta's browser library sends its client id as Basic credentials without a password. */
function publicClientOf({ headers }: IncomingMessage): string | undefined {
  const encoded = /^Basic (\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const credentials = encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString()
  return credentials?.includes(':') ? undefined : credentials
}

function logRequestOf({ url = '', headers, socket }: IncomingMessage, response: ServerResponse): LogRequest {
  const userAgent = headers['user-agent']
  return {
    id: requestIdOf(response),
    url,
    ipAddress: socket.remoteAddress ?? '',
    ...(userAgent === undefined ? {} : { userAgent }),
  }
}
