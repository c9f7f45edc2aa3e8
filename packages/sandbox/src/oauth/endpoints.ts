import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { refuseOverLimit } from '../faults/rate-limit-violation.ts'
import { replyJson } from '../http/reply.ts'
import { readBody, withBody } from '../http/request-body.ts'
import type { LiveOrg } from '../live-org.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { epochSeconds } from '../org/clock.ts'
import type { JsonObject } from '../org/json.ts'
import { handleOf } from './access-token.ts'
import { serverMetadata } from './discovery.ts'
import { logRefusedGrant } from './grant-log.ts'
import { introspectionAnswer } from './introspection.ts'
import { logOut } from './logout.ts'
import { mintTokens } from './mint.ts'
import { createProvider } from './provider.ts'
import { createSignInPage } from './sign-in.ts'
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
  const mountPath = `/oauth2/${server.id}`
  /** The claims of the access token that an introspection request presents. */
  const presented = new WeakMap<IncomingMessage, JsonObject>()

  provider.use(async (ctx: KoaContextWithOIDC, next) => {
    await next()
    if (ctx.oidc?.route === 'token' && ctx.status !== 200) logRefusedGrant(ctx, org, server)
    if (ctx.status !== 200) return
    if (ctx.oidc?.route === 'token') await mintTokens(ctx, org, server, `${org.url}${originalUrlOf(ctx.req)}`)
    if (ctx.oidc?.route === 'introspection') {
      const claims = presented.get(ctx.req)
      const active = ctx.oidc.entities.AccessToken ?? ctx.oidc.entities.ClientCredentials
      if (claims !== undefined && active !== undefined) ctx.body = introspectionAnswer(claims)
    }
  })
  const callback = provider.callback()

  /** Hands over to the protocol, which sees its own paths. */
  const delegate = (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    Object.assign(request, { originalUrl: request.url, url: request.url?.slice(mountPath.length) })
    return callback(request, response)
  }

  /** The claims of an access token of this server that has not expired. */
  const openAccessToken = async (jwt: string): Promise<JsonObject | undefined> => {
    const claims = await server.keys.open(jwt)
    return claims !== undefined && Number(claims['exp']) > epochSeconds(org.clock) ? claims : undefined
  }

  /** Introspection and revocation know tokens by their handles. */
  const delegateWithHandle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(await readBody(request))
    const token = form.get('token') ?? ''
    const claims = token.includes('.') ? await openAccessToken(token) : undefined
    if (token.includes('.')) form.set('token', handleOf(claims?.['jti']) ?? 'unknown')
    const publicClient = publicClientOf(request)
    if (publicClient !== undefined) form.set('client_id', publicClient)
    const rewritten = withBody(request, form.toString())
    if (publicClient !== undefined) delete rewritten.headers.authorization
    if (claims !== undefined) presented.set(rewritten, claims)
    await delegate(rewritten, response)
  }

  const replyUserinfo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const jwt = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const claims = await openAccessToken(jwt)
    const stored = await provider.AccessToken.find(handleOf(claims?.['jti']) ?? '')
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*')
    const { status, body } = userinfo(stored === undefined ? undefined : claims, org.users)
    if (status !== 200) response.setHeader('www-authenticate', `Bearer error="${String(body['error'])}"`)
    replyJson(response, status, body)
  }

  const publishedKeys = (): readonly JsonObject[] =>
    org.faults.has({ kind: 'keys-withdrawn', serverId: server.id }) ? [] : server.keys.published

  return {
    async handle(request, response, path) {
      // The protocol answers what browsers ask before they call from another origin.
      if (request.method === 'OPTIONS') return delegate(request, response)
      switch (path) {
        case '/.well-known/openid-configuration':
        case '/.well-known/oauth-authorization-server':
          response.setHeader('access-control-allow-origin', '*')
          return replyJson(response, 200, serverMetadata(server))
        case '/v1/keys':
          response.setHeader('access-control-allow-origin', '*')
          return replyJson(response, 200, { keys: publishedKeys() })
        case '/v1/userinfo':
          return replyUserinfo(request, response)
        case '/v1/token':
          if (!org.faults.has({ kind: 'rate-limit', endpoint: 'token' })) return delegate(request, response)
          return refuseOverLimit(org, path, response)
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

/** Okta's browser library sends its client id as Basic credentials without a password. */
function publicClientOf({ headers }: IncomingMessage): string | undefined {
  const encoded = /^Basic (\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const credentials = encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString()
  return credentials?.includes(':') ? undefined : credentials
}

function originalUrlOf(request: IncomingMessage): string {
  return 'originalUrl' in request && typeof request.originalUrl === 'string'
    ? request.originalUrl
    : (request.url ?? '')
}
