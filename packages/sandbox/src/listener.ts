import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiFault, notFound } from './http/api-fault.ts'
import { pass } from './http/gate.ts'
import { answerHealth } from './http/health.ts'
import { replyJson } from './http/reply.ts'
import { BodyTooLarge } from './http/request-body.ts'
import type { LiveOrg } from './live-org.ts'
import { createManagementApi } from './management/api.ts'
import { faultRoutes } from './management/faults.ts'
import { answerOwnSession, ownSessionPath } from './management/sessions.ts'
import { tokenRoutes } from './management/tokens.ts'
import { createEndpoints, type Endpoints } from './oauth/endpoints.ts'
import type { AuthorizationServer } from './org/authorization-server.ts'
import type { Page } from './page/page.ts'

/** Answers the requests to an org. Nothing that is sent ends it. */
export function createListener(
  org: LiveOrg,
  userToken: Parameters<typeof tokenRoutes>[0],
  page: Page,
): (request: IncomingMessage, response: ServerResponse) => void {
  const management = createManagementApi(org, [...faultRoutes(org), ...tokenRoutes(userToken)])
  const endpoints = new WeakMap<AuthorizationServer, Endpoints>()
  const endpointsOf = (server: AuthorizationServer): Endpoints => {
    const made = endpoints.get(server) ?? createEndpoints(org, server)
    endpoints.set(server, made)
    return made
  }
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url?.split('?', 1)[0] ?? '/'
    if (!pass(org, request, response, path)) return
    if (path === '/healthz') return answerHealth(request, response)
    if (path === ownSessionPath) return answerOwnSession(org, request, response)
    if (page.serves(path)) return page.handle(request, response, path)
    if (management.serves(path)) return management.handle(request, response, path)
    const [, id = '', rest = ''] = /^\/oauth2\/([^/]+)(\/.*)$/.exec(oktaPathOf(path)) ?? []
    const server = org.authorizationServers.get(id)
    if (server?.status !== 'ACTIVE') return replyJson(response, 404, notFound(path, 'Resource').body)
    await endpointsOf(server).handle(request, response, rest)
  }
  return (request, response) => {
    handle(request, response).catch((error: unknown) => answerFault(error, request, response))
  }
}

function answerFault(error: unknown, request: IncomingMessage, response: ServerResponse): void {
  if (error instanceof BodyTooLarge) {
    replyJson(response, 413, new ApiFault('E0000003', error.message).body)
    return
  }
  // A client that went away is no fault of the sandbox.
  if (response.destroyed || request.aborted) {
    response.destroy()
    return
  }
  // A sandbox must not hide its own faults: the developer is the one who reads them.
  process.emitWarning(error instanceof Error ? error : String(error))
  if (response.headersSent) response.destroy()
  else replyJson(response, 500, new ApiFault('E0000009', 'Internal Server Error').body)
}

/** RFC 8414 puts the well-known part before the issuer's path, OpenID Connect behind it; Okta serves both. */
function oktaPathOf(path: string): string {
  const [, name, issuerPath] =
    /^(\/\.well-known\/oauth-authorization-server)(\/oauth2\/[^/]+)$/.exec(path) ?? []
  return issuerPath === undefined ? path : `${issuerPath}${name}`
}
