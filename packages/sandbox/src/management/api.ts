import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiFault } from '../http/api-fault.ts'
import { createRateLimit } from '../http/rate-limit.ts'
import { replyJson } from '../http/reply.ts'
import { readBody } from '../http/request-body.ts'
import type { LiveOrg } from '../live-org.ts'
import { isJsonObject, type JsonObject } from '../org/json.ts'
import { plays } from '../org/okta-facts.ts'
import { type AccessTokens, createAccessTokens } from './access-tokens.ts'
import { appIdTokenRoutes } from './app-id-token.ts'
import { appSecretRoutes } from './app-secrets.ts'
import { appRoutes } from './apps.ts'
import { authorizationServerRoutes } from './authorization-servers.ts'
import { claimRoutes } from './claims.ts'
import { eventHookRoutes } from './event-hooks.ts'
import { groupRoutes } from './groups.ts'
import { hookKeyRoutes } from './hook-keys.ts'
import { inlineHookRoutes } from './inline-hooks.ts'
import { logRoutes } from './logs.ts'
import { organizationPath, orgSettingsRoutes } from './org-settings.ts'
import { policyRoutes } from './policies.ts'
import { type ApiAnswer, matchPath, type Route } from './route.ts'
import { ruleRoutes } from './rules.ts'
import { scopeRoutes } from './scopes.ts'
import { serverKeyRoutes } from './server-keys.ts'
import { trustedOriginRoutes } from './trusted-origins.ts'
import { trustedServerRoutes } from './trusted-servers.ts'
import { userRoutes } from './users.ts'

/** The part of Okta's management API that provisioning needs, and the tokens for it. */
export interface ManagementApi {
  /** Whether the path is one of `/api/v1/…`, `/oauth2/v1/token`. */
  serves(path: string): boolean
  handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>
}

/** Creates the management API of an org; `extra` are routes beyond Okta's. */
export function createManagementApi(org: LiveOrg, extra: readonly Route[] = []): ManagementApi {
  const tokens = createAccessTokens(org)
  const rateLimit = createRateLimit(org, org.rateLimits.management)
  const routes: readonly Route[] = [
    ...inlineHookRoutes(org),
    ...eventHookRoutes(org),
    ...hookKeyRoutes(org),
    ...authorizationServerRoutes(org),
    ...serverKeyRoutes(org),
    ...trustedServerRoutes(org),
    ...scopeRoutes(org),
    ...policyRoutes(org),
    ...ruleRoutes(org),
    ...appRoutes(org),
    ...appSecretRoutes(org),
    ...appIdTokenRoutes(org),
    ...claimRoutes(org),
    ...groupRoutes(org),
    ...trustedOriginRoutes(org),
    ...orgSettingsRoutes(org),
    ...userRoutes(org),
    ...logRoutes(org),
    ...extra,
  ]

  const dispatch = async (request: IncomingMessage, url: URL): Promise<ApiAnswer> => {
    const matches = routes.flatMap((route) => {
      const params = matchPath(route.path, url.pathname)
      return params === undefined ? [] : [{ route, params }]
    })
    const match = matches.find(({ route }) => route.method === request.method)
    if (match?.route.open !== true) authorize(request, match?.route, org, tokens)
    if (match === undefined) {
      if (matches.length === 0)
        throw new ApiFault('E0000007', `Not found: Resource not found: ${url.pathname}`)
      throw new ApiFault('E0000022', 'The endpoint does not support the provided HTTP method')
    }
    const { params } = match
    const param = (name: string): string => params.get(name) ?? ''
    return match.route.handle({ param, query: url.searchParams, body: await readDocument(request) })
  }

  return {
    serves: (path) =>
      path.startsWith('/api/v1/') ||
      path === organizationPath ||
      path === '/oauth2/v1/token' ||
      extra.some((route) => matchPath(route.path, path)),
    async handle(request, response, path) {
      if (path === '/oauth2/v1/token') {
        const { status, body } = await tokens.issue(new URLSearchParams(await readBody(request)))
        return replyJson(response, status, body)
      }
      const exceeded =
        path.startsWith('/api/') && org.faults.has({ kind: 'rate-limit', endpoint: 'management' })
      if (!rateLimit.pass(response, request.url ?? '', exceeded)) return
      const url = new URL(`${org.url}${request.url ?? ''}`)
      try {
        const { status, body, paged = false, next } = asKnown(await dispatch(request, url), org)
        const links = [`<${url.href}>; rel="self"`]
        if (next !== undefined) links.push(`<${org.url}${path}?${next}>; rel="next"`)
        if (paged) response.setHeader('link', links)
        if (body === undefined) response.writeHead(status).end()
        else replyJson(response, status, body)
      } catch (error) {
        if (!(error instanceof ApiFault)) throw error
        replyJson(response, error.status, error.body)
      }
    },
  }
}

/** Answers lists as the org is known to. */
function asKnown({ whole, isLast = false, ...answer }: ApiAnswer, { facts }: LiveOrg): ApiAnswer {
  if (whole !== undefined && plays(facts, 'list-limit', 'whole'))
    return { status: answer.status, body: whole }
  const { next: _, ...last } = answer
  return isLast && plays(facts, 'exactly-full-page', 'is the last') ? last : answer
}

/** An API token may do everything; an OAuth token, what its scopes say. */
function authorize(
  request: IncomingMessage,
  route: Route | undefined,
  org: LiveOrg,
  tokens: AccessTokens,
): void {
  const [scheme = '', credential = ''] = (request.headers.authorization ?? '').split(' ')
  if (scheme === 'SSWS' && [...org.apiTokens].some((token) => isSame(token, credential))) return
  const scopes = scheme === 'Bearer' ? tokens.scopesOf(credential) : undefined
  if (scopes === undefined) throw new ApiFault('E0000011', 'Invalid token provided')
  if (route === undefined) return
  const manage = `${route.scope}.manage`
  if (scopes.includes(manage) || (route.method === 'GET' && scopes.includes(`${route.scope}.read`))) return
  throw new ApiFault('E0000006', 'You do not have permission to perform the requested action')
}

function isSame(expected: string, given: string): boolean {
  return timingSafeEqual(hash('sha256', expected, 'buffer'), hash('sha256', given, 'buffer'))
}

async function readDocument(request: IncomingMessage): Promise<JsonObject> {
  const text = await readBody(request)
  if (text === '') return {}
  try {
    const body: unknown = JSON.parse(text ?? '')
    if (isJsonObject(body)) return body
  } catch {
    // Not JSON: refused below, like JSON that is no object.
  }
  throw new ApiFault('E0000003', 'The request body was not well-formed.')
}
