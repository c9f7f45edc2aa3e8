import { invalid, notFound } from '../http/api-fault.ts'
import type { AccessPolicy, PolicyRule } from '../org/access-policy.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { datedNow, timestamp } from '../org/dated.ts'
import { createIdentifier } from '../org/identifier.ts'
import { tokenHookType } from '../org/inline-hook.ts'
import type { JsonObject } from '../org/json.ts'
import { outcomeOf, plays } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import { serversScope as scope, serversPath } from './authorization-servers.ts'
import { lifecycleLink, link } from './link.ts'
import { objectOr, requireObject, requireText, texts } from './members.ts'
import { whole } from './page.ts'
import { findPolicy, policiesPath, replacePolicy } from './policies.ts'
import { inPriority, readPriority, statusOf, withoutReadOnly } from './policy-members.ts'
import { type ApiRequest, done, ok, type Route } from './route.ts'
import { settleUnknown } from './unknown-members.ts'

const lifetimeMinutes = { min: 5, max: 1440 }

/** Returns the rules of an access policy, with the inline hook that each may name. */
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
      const rules = policy.rules.map((other) =>
        other === rule ? { ...rule, status, lastUpdated: timestamp(org.clock) } : other,
      )
      replacePolicy(server, { ...policy, rules })
      return done
    }
  return [
    {
      method: 'GET',
      path: all,
      scope,
      handle: (request) => {
        const [server, policy] = findPolicy(org, request)
        return whole(
          policy.rules.map((rule) => toDocument(rule, policy.rules, selfOf(org, server, policy, rule))),
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
        const status = statusOf(request.body)
        const id = createIdentifier('0pr')
        const rule: PolicyRule = { id, status, system: false, ...datedNow(org.clock), document }
        const rules = inPriority(policy.rules, rule, readPriority(request.body))
        replacePolicy(server, { ...policy, rules })
        return { status: 201, body: toDocument(rule, rules, selfOf(org, server, policy, rule)) }
      },
    },
    {
      method: 'GET',
      path: one,
      scope,
      handle: (request) => {
        const [server, policy, rule] = find(request)
        return ok(toDocument(rule, policy.rules, selfOf(org, server, policy, rule)))
      },
    },
    {
      method: 'PUT',
      path: one,
      scope,
      handle: (request) => {
        const [server, policy, rule] = find(request)
        const lastUpdated = timestamp(org.clock)
        const replaced = { ...rule, lastUpdated, document: parseRule(request.body, org) }
        const rules = inPriority(policy.rules, replaced, readPriority(request.body))
        replacePolicy(server, { ...policy, rules })
        return ok(toDocument(replaced, rules, selfOf(org, server, policy, rule)))
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
  const { grantTypes, scopes, people, ...others } = requireObject(body, 'conditions')
  const { include } = objectOr(grantTypes)
  if (texts(include).length === 0) {
    throw invalid('conditions.grantTypes.include', 'The field cannot be left blank')
  }
  const { token } = objectOr(body['actions'])
  const { accessTokenLifetimeMinutes: minutes = 60, inlineHook } = objectOr(token)
  const { min, max } = lifetimeMinutes
  if (typeof minutes !== 'number' || minutes < min || minutes > max) {
    throw invalid('actions.token.accessTokenLifetimeMinutes', `Must be from ${min} to ${max}`)
  }
  const { id } = objectOr(inlineHook)
  if (id !== undefined && id !== null) requireHook(String(id), org)
  return {
    type: 'RESOURCE_ACCESS',
    ...settleUnknown(withoutReadOnly(body), ruleMembers, outcomeOf(org.facts, 'unknown-member-of-rule')),
    conditions: {
      people: peopleOf(objectOr(people)),
      grantTypes: { include: [...texts(include)] },
      // A rule without scopes is kept; it admits requests for none only.
      scopes: { include: [...texts(objectOr(scopes)['include'])] },
      ...others,
    },
  }
}

const ruleMembers = ['type', 'name', 'conditions', 'actions']

function requireHook(id: string, { inlineHooks, facts }: Org): void {
  const hook = inlineHooks.get(id)
  if (hook === undefined && !plays(facts, 'missing-hook-in-rule', 'taken'))
    throw plays(facts, 'missing-hook-in-rule', '404 E0000007')
      ? notFound(id, 'InlineHook')
      : invalid('actions.token.inlineHook.id', 'The inline hook does not exist')
  if (hook !== undefined && hook.type !== tokenHookType && plays(facts, 'hook-of-other-type', 'rule refused'))
    throw invalid('actions.token.inlineHook.id', 'The inline hook is of another type')
}

/** As Okta completes it: who is left out is always said, who is let in only when it was. */
function peopleOf({ users, groups }: JsonObject): JsonObject {
  return {
    users: { ...objectOr(users), exclude: [...texts(objectOr(users)['exclude'])] },
    ...(groups === undefined ? {} : { groups }),
  }
}

function selfOf(org: Org, server: AuthorizationServer, policy: AccessPolicy, rule: PolicyRule): string {
  return `${org.url}${serversPath}/${server.id}/policies/${policy.id}/rules/${rule.id}`
}

function toDocument(rule: PolicyRule, rules: readonly PolicyRule[], self: string): JsonObject {
  const { id, status, system, created, lastUpdated, document } = rule
  return {
    ...document,
    id,
    status,
    priority: rules.findIndex((other) => other.id === id) + 1,
    created,
    lastUpdated,
    system,
    _links: { self: link(self, 'GET', 'PUT', 'DELETE'), ...lifecycleLink(self, status) },
  }
}
