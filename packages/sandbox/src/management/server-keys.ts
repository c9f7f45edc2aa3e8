import { notFound } from '../http/api-fault.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { timestamp } from '../org/dated.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import type { SigningKey } from '../org/signing-key.ts'
import { findServer, serversScope as scope, serversPath } from './authorization-servers.ts'
import { link } from './link.ts'
import { whole } from './page.ts'
import { ok, type Route } from './route.ts'

/** Returns the signing keys of an authorization server, and their rotation. */
export function serverKeyRoutes(org: Org): readonly Route[] {
  const all = `${serversPath}/:serverId/credentials/keys`
  return [
    {
      method: 'GET',
      path: all,
      scope,
      handle: (request) => whole(keyDocuments(findServer(org, request), org), request.query),
    },
    {
      method: 'GET',
      path: `${all}/:kid`,
      scope,
      handle: (request) => {
        const found = keyDocuments(findServer(org, request), org).find(
          ({ kid }) => kid === request.param('kid'),
        )
        if (found === undefined) throw notFound(request.param('kid'), 'AuthorizationServerJsonWebKey')
        return ok(found)
      },
    },
    {
      method: 'POST',
      path: `${serversPath}/:serverId/credentials/lifecycle/keyRotate`,
      scope,
      handle: async (request) => {
        const server = findServer(org, request)
        await server.keys.rotate()
        await server.keys.announce()
        server.lastRotated = timestamp(org.clock)
        return ok(keyDocuments(server, org))
      },
    },
  ]
}

function keyDocuments({ id, keys }: AuthorizationServer, org: Org): JsonObject[] {
  const toDocument = (key: SigningKey, status: string): JsonObject => ({
    ...key.publicJwk,
    status,
    _links: { self: link(`${org.url}${serversPath}/${id}/credentials/keys/${key.kid}`, 'GET') },
  })
  return [
    toDocument(keys.active, 'ACTIVE'),
    ...(keys.next === undefined ? [] : [toDocument(keys.next, 'NEXT')]),
    ...keys.expired.map((key) => toDocument(key, 'EXPIRED')),
  ]
}
