import { invalid, notFound } from '../http/api-fault.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import type { Scope } from '../org/scope.ts'
import { findServer, serversScope as scope, serversPath } from './authorization-servers.ts'
import { requireText } from './members.ts'
import { whole } from './page.ts'
import { type ApiRequest, done, ok, type Route } from './route.ts'

/** The scopes of an authorization server; a scope's id is its name. */
export function scopeRoutes(org: Org): readonly Route[] {
  const all = `${serversPath}/:serverId/scopes`
  const one = `${all}/:scopeId`
  const find = (request: ApiRequest): readonly [AuthorizationServer, Scope] => {
    const server = findServer(org, request)
    const found = server.scopes.find(({ name }) => name === request.param('scopeId'))
    if (found === undefined) throw notFound(request.param('scopeId'), 'OAuth2Scope')
    return [server, found]
  }
  return [
    {
      method: 'GET',
      path: all,
      scope,
      handle: (request) => whole(findServer(org, request).scopes.map(toDocument), request.query),
    },
    {
      method: 'POST',
      path: all,
      scope,
      handle: (request) => {
        const server = findServer(org, request)
        const name = requireText(request.body, 'name')
        if (server.scopes.some((other) => other.name === name))
          throw invalid('name', 'The scope already exists')
        const created = { name, system: false, ...settingsOf(request.body) }
        server.scopes = [...server.scopes, created]
        return { status: 201, body: toDocument(created) }
      },
    },
    { method: 'GET', path: one, scope, handle: (request) => ok(toDocument(find(request)[1])) },
    {
      method: 'PUT',
      path: one,
      scope,
      handle: (request) => {
        const [server, found] = find(request)
        if (requireText(request.body, 'name') !== found.name)
          throw invalid('name', 'A scope cannot be renamed')
        const replaced = { name: found.name, system: found.system, ...settingsOf(request.body) }
        server.scopes = server.scopes.map((other) => (other === found ? replaced : other))
        return ok(toDocument(replaced))
      },
    },
    {
      method: 'DELETE',
      path: one,
      scope,
      handle: (request) => {
        const [server, found] = find(request)
        if (found.system) throw invalid('name', 'A system scope cannot be deleted')
        server.scopes = server.scopes.filter((other) => other !== found)
        return done
      },
    },
  ]
}

function settingsOf(body: JsonObject): Pick<Scope, 'description' | 'default'> {
  const { description } = body
  return { default: body['default'] === true, ...(typeof description === 'string' ? { description } : {}) }
}

function toDocument({ name, description = name, system, default: isDefault }: Scope): JsonObject {
  return {
    id: name,
    name,
    displayName: name,
    description,
    system,
    default: isDefault,
    consent: 'IMPLICIT',
    metadataPublish: 'ALL_CLIENTS',
    optional: false,
  }
}
