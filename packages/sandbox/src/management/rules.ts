import { invalid, notFound } from '../http/api-fault.ts'
import type { AccessPolicy, PolicyRule } from '../org/access-policy.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import { serversScope as scope } from './authorization-servers.ts'
import { objectOr, requireObject, requireText, texts } from './members.ts'
import { whole } from './page.ts'
import { findPolicy, policiesPath, replacePolicy } from './policies.ts'
import { inPriority, readPriority, withoutReadOnly } from './policy-members.ts'
import { type ApiRequest, done, ok, type Route } from './route.ts'

const lifetimeMinutes = { min: 5, max: 1440 }

/** The rules of an access policy, with the inline hook that each may name. */
export function ruleRoutes(org: Org): readonly Route[] {
  const all = `${policiesPath}/:policyId/rules`
  const one = `${all}/:ruleId`
  const find = (request: ApiRequest): readonly [AuthorizationServer, AccessPolicy, PolicyRule] => {
    const [server, policy] = findPolicy(org, request)
    const rule = policy.rules.find(({ id }) => id === request.param('ruleId'))
    if (rule === undefined) throw notFound(request.param('ruleId'), 'PolicyRule')
    return [server, policy, rule]
  }
  const setStatus =
    (status: PolicyRule['status']): Route['handle'] =>
    (request) => {
      const [server, policy, rule] = find(request)
      const rules = policy.rules.map((other) => (other === rule ? { ...rule, status } : other))
      replacePolicy(server, { ...policy, rules })
      return done
    }
  return [
    {
      method: 'GET',
      path: all,
      scope,
      handle: (request) => {
        const [, policy] = findPolicy(org, request)
        return whole(
          policy.rules.map((rule) => toDocument(rule, policy.rules)),
          request.query,
        )
      },
    },
    {
      method: 'POST',
      path: all,
      scope,
      handle: (request) => {
        const [server, policy] = findPolicy(org, request)
        const document = parseRule(request.body, org)
        const rule: PolicyRule = { id: createIdentifier('0pr'), status: 'ACTIVE', document }
        const rules = inPriority(policy.rules, rule, readPriority(request.body))
        replacePolicy(server, { ...policy, rules })
        return { status: 201, body: toDocument(rule, rules) }
      },
    },
    {
      method: 'GET',
      path: one,
      scope,
      handle: (request) => {
        const [, policy, rule] = find(request)
        return ok(toDocument(rule, policy.rules))
      },
    },
    {
      method: 'PUT',
      path: one,
      scope,
      handle: (request) => {
        const [server, policy, rule] = find(request)
        const replaced = { ...rule, document: parseRule(request.body, org) }
        const rules = inPriority(policy.rules, replaced, readPriority(request.body))
        replacePolicy(server, { ...policy, rules })
        return ok(toDocument(replaced, rules))
      },
    },
    {
      method: 'DELETE',
      path: one,
      scope,
      handle: (request) => {
        const [server, policy, rule] = find(request)
        replacePolicy(server, { ...policy, rules: policy.rules.filter((other) => other !== rule) })
        return done
      },
    },
    { method: 'POST', path: `${one}/lifecycle/activate`, scope, handle: setStatus('ACTIVE') },
    { method: 'POST', path: `${one}/lifecycle/deactivate`, scope, handle: setStatus('INACTIVE') },
  ]
}

function parseRule(body: JsonObject, org: Org): JsonObject {
  requireText(body, 'name')
  const conditions = requireObject(body, 'conditions')
  for (const condition of ['grantTypes', 'scopes']) {
    if (texts(objectOr(conditions[condition])['include']).length === 0) {
      throw invalid(`conditions.${condition}.include`, 'The field cannot be left blank')
    }
  }
  const { accessTokenLifetimeMinutes: minutes = 60, inlineHook } = objectOr(
    objectOr(body['actions'])['token'],
  )
  const { min, max } = lifetimeMinutes
  if (typeof minutes !== 'number' || minutes < min || minutes > max) {
    throw invalid('actions.token.accessTokenLifetimeMinutes', `Must be from ${min} to ${max}`)
  }
  const { id } = objectOr(inlineHook)
  if (id !== undefined && id !== null && !org.inlineHooks.has(String(id))) {
    throw invalid('actions.token.inlineHook.id', 'The inline hook does not exist')
  }
  return { type: 'RESOURCE_ACCESS', ...withoutReadOnly(body) }
}

function toDocument({ id, status, document }: PolicyRule, rules: readonly PolicyRule[]): JsonObject {
  return { ...document, id, status, priority: rules.findIndex((rule) => rule.id === id) + 1, system: false }
}
