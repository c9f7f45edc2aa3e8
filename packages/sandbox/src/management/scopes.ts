import { invalid, notFound } from '../http/api-fault.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import { type OktaFacts, outcomeOf, plays } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import type { Scope } from '../org/scope.ts'
import { findServer, serversScope as scope, serversPath } from './authorization-servers.ts'
import { link } from './link.ts'
import { requireText, textOr } from './members.ts'
import { whole } from './page.ts'
import { type ApiRequest, done, ok, type Route } from './route.ts'
import { settleUnknown } from './unknown-members.ts'

/** Returns the scopes of an authorization server, by id; by name, too, as the sandbox alone takes it. */
export function scopeRoutes(org: Org): readonly Route[] {
  const all = `${serversPath}/:serverId/scopes`
  const one = `${all}/:scopeId`
  const find = (request: ApiRequest): readonly [AuthorizationServer, Scope] => {
    const server = findServer(org, request)
    const asked = request.param('scopeId')
    const found = server.scopes.find(({ id, name }) => id === asked || name === asked)
    if (found === undefined) throw notFound(asked, 'OAuth2Scope')
    return [server, found]
  }
  const toDocument = (
    { id: serverId }: AuthorizationServer,
    { default: isDefault, ...found }: Scope,
  ): JsonObject => {
    const self = `${org.url}${serversPath}/${serverId}/scopes/${found.id}`
    return {
      ...found,
      default: isDefault,
      ...(found.optional === undefined ? {} : { apiResourceId: null }),
      _links: { self: link(self, 'GET', 'PUT', 'DELETE') },
    }
  }
  return [
    {
      method: 'GET',
      path: all,
      scope,
      handle: (request) => {
        const server = findServer(org, request)
        const q = request.query.get('q') ?? ''
        const found = server.scopes.filter(({ name }) => name.startsWith(q))
        return whole(
          found.map((entry) => toDocument(server, entry)),
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
        const name = requireText(request.body, 'name')
        if (server.scopes.some((other) => other.name === name))
          throw invalid('name', 'The scope already exists')
        const created = {
          id: createIdentifier('scp'),
          name,
          system: false,
          ...settingsOf(request.body, org.facts),
        }
        server.scopes = [...server.scopes, created]
        return { status: 201, body: toDocument(server, created) }
      },
    },
    {
      method: 'GET',
      path: one,
      scope,
      handle: (request) => ok(toDocument(...find(request))),
    },
    {
      method: 'PUT',
      path: one,
      scope,
      handle: (request) => {
        const [server, found] = find(request)
        const { id, system } = found
        const name = requireText(request.body, 'name')
        if (server.scopes.some((other) => other.name === name && other !== found))
          throw invalid('name', 'The scope already exists')
        const replaced = { id, name, system, ...settingsOf(request.body, org.facts) }
        server.scopes = server.scopes.map((other) => (other === found ? replaced : other))
        return ok(toDocument(server, replaced))
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

const defaults: JsonObject = { displayName: '', consent: 'IMPLICIT', optional: false }
const scopeMembers = [
  'id',
  'name',
  'displayName',
  'description',
  'consent',
  'metadataPublish',
  'optional',
  'default',
  'system',
  '_links',
]

/** As recorded: what is not written is not answered either, but for what every scope has. */
function settingsOf(written: JsonObject, facts: OktaFacts): Omit<Scope, 'id' | 'name' | 'system'> {
  const completed = plays(facts, 'scope-defaults', 'answered') ? { ...defaults, ...written } : written
  const body = settleUnknown(completed, scopeMembers, outcomeOf(facts, 'unknown-member-of-scope'))
  const { displayName, consent, metadataPublish, optional } = body
  return {
    ...(typeof displayName === 'string' ? { displayName } : {}),
    description: textOr(body['description'], null),
    ...(consent === 'IMPLICIT' || consent === 'REQUIRED' || consent === 'FLEXIBLE' ? { consent } : {}),
    metadataPublish: metadataPublish === 'ALL_CLIENTS' ? metadataPublish : 'NO_CLIENTS',
    ...(typeof optional === 'boolean' ? { optional } : {}),
    default: body['default'] === true,
  }
}
