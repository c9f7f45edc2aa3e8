import { invalid, notFound } from '../http/api-fault.ts'
import { type AuthorizationServer, createAuthorizationServer } from '../org/authorization-server.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import { SigningKeys } from '../org/signing-keys.ts'
import { requireText, texts } from './members.ts'
import { page } from './page.ts'
import { type ApiRequest, done, ok, type Route } from './route.ts'

export const serversPath = '/api/v1/authorizationServers'
export const serversScope = 'okta.authorizationServers'

/** The server that a request's `:serverId` names. */
export function findServer(org: Org, request: ApiRequest): AuthorizationServer {
  const id = request.param('serverId')
  const server = org.authorizationServers.get(id)
  if (server === undefined) throw notFound(id, 'AuthorizationServer')
  return server
}

/** Custom authorization servers, and the rotation of their keys. */
export function authorizationServerRoutes(org: Org): readonly Route[] {
  const servers = org.authorizationServers
  const scope = serversScope
  const one = `${serversPath}/:serverId`
  const setStatus =
    (status: AuthorizationServer['status']): Route['handle'] =>
    (request) => {
      findServer(org, request).status = status
      return done
    }
  return [
    {
      method: 'GET',
      path: serversPath,
      scope,
      handle: ({ query }) => {
        const q = query.get('q') ?? ''
        const found = [...servers.values()].filter(
          ({ name, audience }) => name.includes(q) || audience.includes(q),
        )
        return page(
          found.map((server) => toDocument(server, org)),
          query,
          { default: 200, max: 200 },
        )
      },
    },
    {
      method: 'POST',
      path: serversPath,
      scope,
      handle: async ({ body }) => {
        const [name, audience] = [requireText(body, 'name'), audienceOf(body)]
        const id = createIdentifier('aus')
        const description = typeof body['description'] === 'string' ? body['description'] : ''
        const keys = await SigningKeys.create()
        const server = createAuthorizationServer(org.url, { id, name, description, audience, keys })
        servers.set(id, server)
        return { status: 201, body: toDocument(server, org) }
      },
    },
    { method: 'GET', path: one, scope, handle: (request) => ok(toDocument(findServer(org, request), org)) },
    {
      method: 'PUT',
      path: one,
      scope,
      handle: (request) => {
        const server = findServer(org, request)
        const [name, audience] = [requireText(request.body, 'name'), audienceOf(request.body)]
        const { description = server.description } = request.body
        Object.assign(server, { name, audience, description: String(description) })
        return ok(toDocument(server, org))
      },
    },
    {
      method: 'DELETE',
      path: one,
      scope,
      handle: (request) => {
        servers.delete(findServer(org, request).id)
        return done
      },
    },
    { method: 'POST', path: `${one}/lifecycle/activate`, scope, handle: setStatus('ACTIVE') },
    { method: 'POST', path: `${one}/lifecycle/deactivate`, scope, handle: setStatus('INACTIVE') },
    {
      method: 'GET',
      path: `${one}/credentials/keys`,
      scope,
      handle: (request) => ok(credentialKeys(findServer(org, request))),
    },
    {
      method: 'POST',
      path: `${one}/credentials/lifecycle/keyRotate`,
      scope,
      handle: async (request) => {
        const server = findServer(org, request)
        await server.keys.rotate()
        await server.keys.announce()
        return ok(credentialKeys(server))
      },
    },
  ]
}

function audienceOf(body: JsonObject): string {
  const [audience, ...others] = texts(body['audiences'])
  if (audience === undefined || others.length > 0)
    throw invalid('audiences', 'Exactly one audience is expected')
  return audience
}

function credentialKeys({ keys }: AuthorizationServer): JsonObject[] {
  return [
    { ...keys.active.publicJwk, status: 'ACTIVE' },
    ...(keys.next === undefined ? [] : [{ ...keys.next.publicJwk, status: 'NEXT' }]),
    ...keys.expired.map((key) => ({ ...key.publicJwk, status: 'EXPIRED' })),
  ]
}

function toDocument(
  { id, name, description, audience, issuer, status, keys }: AuthorizationServer,
  org: Org,
): JsonObject {
  return {
    id,
    name,
    description,
    audiences: [audience],
    issuer,
    issuerMode: 'ORG_URL',
    status,
    credentials: { signing: { kid: keys.active.kid, rotationMode: 'MANUAL', use: 'sig' } },
    _links: { self: { href: `${org.url}${serversPath}/${id}`, hints: { allow: ['GET', 'PUT', 'DELETE'] } } },
  }
}
