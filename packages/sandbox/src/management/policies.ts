import { notFound } from '../http/api-fault.ts'
import type { AccessPolicy } from '../org/access-policy.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { datedNow, timestamp } from '../org/dated.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import { outcomeOf } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import { findServer, serversScope as scope, serversPath } from './authorization-servers.ts'
import { lifecycleLink, link } from './link.ts'
import { objectOr, requireText, texts } from './members.ts'
import { whole } from './page.ts'
import { inPriority, readPriority, statusOf, withoutReadOnly } from './policy-members.ts'
import { type ApiRequest, done, ok, type Route } from './route.ts'
import { settleUnknown } from './unknown-members.ts'

export const policiesPath: string = `${serversPath}/:serverId/policies`

/** Returns the server and the policy that a request names. */
export function findPolicy(org: Org, request: ApiRequest): readonly [AuthorizationServer, AccessPolicy] {
  const server = findServer(org, request)
  const policy = server.policies.find(({ id }) => id === request.param('policyId'))
  if (policy === undefined) throw notFound(request.param('policyId'), 'Policy')
  return [server, policy]
}

/** Puts a policy in the place of the one with its id. */
export function replacePolicy(server: AuthorizationServer, policy: AccessPolicy): void {
  server.policies = server.policies.map((other) => (other.id === policy.id ? policy : other))
}

/** Returns the access policies of an authorization server. */
export function policyRoutes(org: Org): readonly Route[] {
  const one = `${policiesPath}/:policyId`
  const setStatus =
    (status: AccessPolicy['status']): Route['handle'] =>
    (request) => {
      const [server, policy] = findPolicy(org, request)
      replacePolicy(server, { ...policy, status, lastUpdated: timestamp(org.clock) })
      return done
    }
  return [
    {
      method: 'GET',
      path: policiesPath,
      scope,
      handle: (request) => {
        const server = findServer(org, request)
        return whole(
          server.policies.map((policy) => toDocument(policy, server, org)),
          request.query,
        )
      },
    },
    {
      method: 'POST',
      path: policiesPath,
      scope,
      handle: (request) => {
        const server = findServer(org, request)
        const document = parsePolicy(request.body, org)
        const id = createIdentifier('00p')
        const status = statusOf(request.body)
        const policy = { id, status, system: false, ...datedNow(org.clock), document, rules: [] }
        server.policies = inPriority(server.policies, policy, readPriority(request.body))
        return { status: 201, body: toDocument(policy, server, org) }
      },
    },
    {
      method: 'GET',
      path: one,
      scope,
      handle: (request) => {
        const [server, policy] = findPolicy(org, request)
        return ok(toDocument(policy, server, org))
      },
    },
    {
      method: 'PUT',
      path: one,
      scope,
      handle: (request) => {
        const [server, policy] = findPolicy(org, request)
        const lastUpdated = timestamp(org.clock)
        const replaced = { ...policy, lastUpdated, document: parsePolicy(request.body, org) }
        server.policies = inPriority(server.policies, replaced, readPriority(request.body))
        return ok(toDocument(replaced, server, org))
      },
    },
    {
      method: 'DELETE',
      path: one,
      scope,
      handle: (request) => {
        const [server, policy] = findPolicy(org, request)
        server.policies = server.policies.filter((other) => other !== policy)
        return done
      },
    },
    { method: 'POST', path: `${one}/lifecycle/activate`, scope, handle: setStatus('ACTIVE') },
    { method: 'POST', path: `${one}/lifecycle/deactivate`, scope, handle: setStatus('INACTIVE') },
  ]
}

const policyMembers = ['type', 'name', 'description', 'conditions']

function parsePolicy(body: JsonObject, { facts }: Org): JsonObject {
  requireText(body, 'name')
  const conditions = objectOr(body['conditions'])
  const { include } = objectOr(conditions['clients'])
  return {
    type: 'OAUTH_AUTHORIZATION_POLICY',
    ...settleUnknown(withoutReadOnly(body), policyMembers, outcomeOf(facts, 'unknown-member-of-policy')),
    // A policy that names no clients is for none.
    conditions: { ...conditions, clients: { include: [...texts(include)] } },
  }
}

function toDocument(policy: AccessPolicy, server: AuthorizationServer, org: Org): JsonObject {
  const { id, status, system, created, lastUpdated, document } = policy
  const self = `${org.url}${serversPath}/${server.id}/policies/${id}`
  return {
    ...document,
    id,
    status,
    priority: server.policies.findIndex((other) => other.id === id) + 1,
    system,
    created,
    lastUpdated,
    _links: {
      self: link(self, 'GET', 'PUT', 'DELETE'),
      rules: link(`${self}/rules`, 'GET'),
      ...lifecycleLink(self, status),
    },
  }
}
