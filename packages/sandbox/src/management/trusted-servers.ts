import { notFound } from '../http/api-fault.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import type { Org } from '../org/org.ts'
import { findServer, serversScope as scope, serverDocument, serversPath } from './authorization-servers.ts'
import { texts } from './members.ts'
import { whole } from './page.ts'
import { done, ok, type Route } from './route.ts'

/** Serves the servers whose tokens a server takes in a token exchange. */
export function trustedServerRoutes(org: Org): readonly Route[] {
  const all = `${serversPath}/:serverId/associatedServers`
  const find = (id: string): AuthorizationServer => {
    const server = org.authorizationServers.get(id)
    if (server === undefined) throw notFound(id, 'AuthorizationServer')
    return server
  }
  return [
    {
      method: 'GET',
      path: all,
      scope,
      handle: (request) => {
        const server = findServer(org, request)
        const isTrusted = request.query.get('trusted') !== 'false'
        const found = isTrusted
          ? (server.trustedServers ?? []).map(find)
          : [...org.authorizationServers.values()].filter(({ trustedServers }) =>
              trustedServers?.includes(server.id),
            )
        return whole(
          found.map((each) => serverDocument(each, org)),
          request.query,
        )
      },
    },
    {
      method: 'POST',
      path: all,
      scope,
      handle: (request) => {
        const server = findServer(org, request)
        const added = texts(request.body['trusted']).map(find)
        server.trustedServers = [...new Set([...(server.trustedServers ?? []), ...added.map(({ id }) => id)])]
        return ok(added.map((each) => serverDocument(each, org)))
      },
    },
    {
      method: 'DELETE',
      path: `${all}/:trustedId`,
      scope,
      handle: (request) => {
        const server = findServer(org, request)
        const trusted = request.param('trustedId')
        server.trustedServers = (server.trustedServers ?? []).filter((id) => id !== trusted)
        return done
      },
    },
  ]
}
