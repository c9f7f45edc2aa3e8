import { invalid, notFound } from '../http/api-fault.ts'
import { type AuthorizationServer, createAuthorizationServer } from '../org/authorization-server.ts'
import { datedNow, timestamp } from '../org/dated.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import { type OktaFacts, outcomeOf, plays } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import { SigningKeys } from '../org/signing-keys.ts'
import { lifecycleLink, link } from './link.ts'
import { objectOr, requireText, textOr, texts } from './members.ts'
import { page } from './page.ts'
import { type ApiRequest, done, ok, type Route } from './route.ts'
import { settleUnknown } from './unknown-members.ts'

export const serversPath = '/api/v1/authorizationServers'
export const serversScope = 'okta.authorizationServers'

const rotationDays = 90

/** Returns the server that a request's `:serverId` names. */
export function findServer(org: Org, request: ApiRequest): AuthorizationServer {
  const id = request.param('serverId')
  const server = org.authorizationServers.get(id)
  if (server === undefined) throw notFound(id, 'AuthorizationServer')
  return server
}

/** Serves custom authorization servers. */
export function authorizationServerRoutes(org: Org): readonly Route[] {
  const { authorizationServers: servers, clock } = org
  const scope = serversScope
  const one = `${serversPath}/:serverId`
  const settle = (body: JsonObject): JsonObject =>
    settleUnknown(body, serverMembers, outcomeOf(org.facts, 'unknown-member-of-server'))
  const setStatus =
    (status: AuthorizationServer['status']): Route['handle'] =>
    (request) => {
      Object.assign(findServer(org, request), { status, lastUpdated: timestamp(clock) })
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
          found.map((server) => serverDocument(server, org)),
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
        // A new server rotates its keys itself, whatever is asked (recorded).
        const asked = settingsOf(settle(body), org.facts)
        const keepsAsked = plays(org.facts, 'rotation-mode', 'MANUAL')
        const settings = { ...asked, ...(keepsAsked ? {} : { rotationMode: 'AUTO' }) }
        const id = createIdentifier('aus')
        const keys = await SigningKeys.create()
        const server = createAuthorizationServer(org.url, { id, ...settings, keys, ...datedNow(clock) })
        servers.set(id, server)
        return { status: 201, body: serverDocument(server, org) }
      },
    },
    {
      method: 'GET',
      path: one,
      scope,
      handle: (request) => ok(serverDocument(findServer(org, request), org)),
    },
    {
      method: 'PUT',
      path: one,
      scope,
      handle: (request) => {
        const server = findServer(org, request)
        Object.assign(server, settingsOf(settle(request.body), org.facts, server), {
          lastUpdated: timestamp(clock),
        })
        return ok(serverDocument(server, org))
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
  ]
}

const serverMembers = [
  'id',
  'name',
  'description',
  'audiences',
  'issuer',
  'issuerMode',
  'status',
  'created',
  'lastUpdated',
  'credentials',
  'default',
  '_links',
]

type ServerSettings = Pick<
  AuthorizationServer,
  'name' | 'description' | 'audience' | 'issuerMode' | 'rotationMode'
>

function settingsOf(body: JsonObject, facts: OktaFacts, previous?: AuthorizationServer): ServerSettings {
  const { rotationMode } = objectOr(objectOr(body['credentials'])['signing'])
  return {
    name: requireText(body, 'name'),
    audience: audienceOf(body),
    description: textOr(body['description'], null),
    issuerMode: textOr(body['issuerMode'], previous?.issuerMode ?? outcomeOf(facts, 'issuer-mode')),
    rotationMode: textOr(rotationMode, previous?.rotationMode ?? 'AUTO'),
  }
}

function audienceOf(body: JsonObject): string {
  const [audience, ...others] = texts(body['audiences'])
  if (audience === undefined || others.length > 0)
    throw invalid('audiences', 'Exactly one audience is expected')
  return audience
}

/** Returns a server as Okta answers it. */
export function serverDocument(server: AuthorizationServer, org: Org): JsonObject {
  const { id, name, description, audience, issuer, issuerMode, status, created, lastUpdated } = server
  const self = `${org.url}${serversPath}/${id}`
  const metadata = (kind: string): JsonObject => ({
    name: kind,
    ...link(`${issuer}/.well-known/${kind}`, 'GET'),
  })
  return {
    id,
    name,
    description,
    audiences: [audience],
    issuer,
    issuerMode,
    status,
    created,
    lastUpdated,
    credentials: { signing: signingDocument(server) },
    default: id === 'default',
    _links: {
      rotateKey: link(`${self}/credentials/lifecycle/keyRotate`, 'POST'),
      metadata: [metadata('oauth-authorization-server'), metadata('openid-configuration')],
      keys: link(`${self}/credentials/keys`, 'GET'),
      claims: link(`${self}/claims`, 'GET', 'POST'),
      policies: link(`${self}/policies`, 'GET', 'POST'),
      self: link(self, 'GET', 'DELETE', 'PUT'),
      scopes: link(`${self}/scopes`, 'GET', 'POST'),
      ...lifecycleLink(self, status),
    },
  }
}

function signingDocument({ keys, rotationMode, lastRotated }: AuthorizationServer): JsonObject {
  const next = new Date(Date.parse(lastRotated) + rotationDays * 24 * 60 * 60 * 1000).toISOString()
  return {
    kid: keys.active.kid,
    rotationMode,
    lastRotated,
    ...(rotationMode === 'AUTO' ? { nextRotation: next } : {}),
  }
}
