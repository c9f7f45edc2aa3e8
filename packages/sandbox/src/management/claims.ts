import { parseExpression } from '../expression/parse.ts'
import { UnusableExpression } from '../expression/syntax.ts'
import { invalid, notFound } from '../http/api-fault.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import type { CustomClaim, GroupFilter } from '../org/custom-claim.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import { type OktaFacts, plays } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import { findServer, serversScope as scope, serversPath } from './authorization-servers.ts'
import { link } from './link.ts'
import { objectOr, requireText, textOr, texts } from './members.ts'
import { whole } from './page.ts'
import { type ApiRequest, done, ok, type Route } from './route.ts'

/** Returns the claims that an authorization server adds to tokens of people. */
export function claimRoutes(org: Org): readonly Route[] {
  const all = `${serversPath}/:serverId/claims`
  const one = `${all}/:claimId`
  const find = (request: ApiRequest): readonly [AuthorizationServer, CustomClaim] => {
    const server = findServer(org, request)
    const found = server.claims.find(({ id }) => id === request.param('claimId'))
    if (found === undefined) throw notFound(request.param('claimId'), 'OAuth2Claim')
    return [server, found]
  }
  const toDocument = ({ id }: AuthorizationServer, claim: CustomClaim): JsonObject =>
    claimDocument(claim, `${org.url}${serversPath}/${id}/claims/${claim.id}`)
  return [
    {
      method: 'GET',
      path: all,
      scope,
      handle: (request) => {
        const server = findServer(org, request)
        return whole(
          server.claims.map((claim) => toDocument(server, claim)),
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
        const claim = { id: createIdentifier('ocl'), ...parseClaim(request.body, org.facts) }
        server.claims = [...server.claims, claim]
        return { status: 201, body: toDocument(server, claim) }
      },
    },
    { method: 'GET', path: one, scope, handle: (request) => ok(toDocument(...find(request))) },
    {
      method: 'PUT',
      path: one,
      scope,
      handle: (request) => {
        const [server, found] = find(request)
        const replaced = { id: found.id, ...parseClaim(request.body, org.facts) }
        server.claims = server.claims.map((other) => (other === found ? replaced : other))
        return ok(toDocument(server, replaced))
      },
    },
    {
      method: 'DELETE',
      path: one,
      scope,
      handle: (request) => {
        const [server, found] = find(request)
        server.claims = server.claims.filter((other) => other !== found)
        return done
      },
    },
  ]
}

const groupFilters: readonly GroupFilter[] = ['STARTS_WITH', 'EQUALS', 'CONTAINS', 'REGEX']

function parseClaim(body: JsonObject, facts: OktaFacts): Omit<CustomClaim, 'id'> {
  const name = requireText(body, 'name')
  const { claimType, valueType, status, group_filter_type: filter } = body
  if (claimType !== 'RESOURCE' && claimType !== 'IDENTITY')
    throw invalid('claimType', 'Must be RESOURCE or IDENTITY')
  if (valueType !== 'EXPRESSION' && valueType !== 'GROUPS')
    throw invalid('valueType', 'Must be EXPRESSION or GROUPS')
  const groupFilter = groupFilters.find((known) => known === filter)
  if (valueType === 'GROUPS' && groupFilter === undefined)
    throw invalid('group_filter_type', `Must be one of ${groupFilters.join(', ')}`)
  const value = textOr(body['value'], '')
  if (valueType === 'EXPRESSION') requireUsable(value, facts)
  return {
    name,
    claimType,
    valueType,
    status: status === 'INACTIVE' ? status : 'ACTIVE',
    value,
    ...(groupFilter === undefined ? {} : { groupFilter }),
    scopes: [...texts(objectOr(body['conditions'])['scopes'])],
    alwaysIncludeInToken: body['alwaysIncludeInToken'] !== false,
  }
}

function requireUsable(expression: string, facts: OktaFacts): void {
  try {
    const parsed = parseExpression(expression)
    const isLoneWord = parsed.kind === 'reference' && parsed.path.length === 1
    if (isLoneWord && plays(facts, 'lone-word-claim', 'refused'))
      throw new UnusableExpression('is a word without a value')
  } catch (error) {
    if (!(error instanceof UnusableExpression)) throw error
    throw invalid('value', `The expression ${error.message}`)
  }
}

function claimDocument({ groupFilter, scopes, ...claim }: CustomClaim, self: string): JsonObject {
  return {
    ...claim,
    ...(groupFilter === undefined ? {} : { group_filter_type: groupFilter }),
    conditions: { scopes: [...scopes] },
    system: false,
    _links: { self: link(self, 'GET', 'PUT', 'DELETE') },
  }
}
