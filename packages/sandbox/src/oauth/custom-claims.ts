import { evaluateExpression } from '../expression/evaluate.ts'
import { parseExpression } from '../expression/parse.ts'
import type { ExpressionSubject } from '../expression/references.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import type { CustomClaim, GroupFilter } from '../org/custom-claim.ts'
import { everyoneName } from '../org/group.ts'
import type { Json, JsonObject } from '../org/json.ts'
import { type OktaFacts, plays } from '../org/okta-facts.ts'

/** What a token is about that gets a server's own claims. */
export interface ClaimedToken extends ExpressionSubject {
  readonly scopes: readonly string[]
  readonly claimType: CustomClaim['claimType']
}

/** Returns the server's own claims of a token, as they come out for its user and app. */
export function customClaims(
  claims: AuthorizationServer['claims'],
  token: ClaimedToken,
  facts: OktaFacts = {},
): JsonObject {
  const own = claims.filter(({ claimType }) => claimType === token.claimType)
  return Object.fromEntries(own.map((claim) => [claim.name, valueOfClaim(claim, token, facts)]))
}

function valueOfClaim(claim: CustomClaim, token: ClaimedToken, facts: OktaFacts): Json | undefined {
  const { scopes, status, valueType, value } = claim
  if (status !== 'ACTIVE' || (scopes.length > 0 && !scopes.some((scope) => token.scopes.includes(scope)))) {
    return undefined
  }
  switch (valueType) {
    case 'GROUPS': {
      const names = token.groups
        .map(({ name }) => name)
        .filter((name) => passes(name, claim.groupFilter, value))
        .filter((name) => name !== everyoneName || plays(facts, 'groups-everyone', 'with Everyone'))
      if (names.length === 0 && plays(facts, 'groups-none', 'no claim')) return undefined
      return names
    }
    case 'EXPRESSION':
      return (
        evaluateExpression(parseExpression(value), token) ??
        (token.user !== undefined && value.includes('.') && plays(facts, 'empty-attribute', 'a text')
          ? 'null'
          : undefined) ??
        // A lone word has no value, whoever the token is about.
        (token.user === undefined &&
        value.includes('.') &&
        plays(facts, 'user-claim-of-machine', 'empty text')
          ? ''
          : undefined)
      )
    case 'SYSTEM':
      return undefined
  }
}

function passes(name: string, filter: GroupFilter | undefined, value: string): boolean {
  switch (filter) {
    case 'STARTS_WITH':
      return name.startsWith(value)
    case 'EQUALS':
      return name === value
    case 'CONTAINS':
      return name.includes(value)
    default:
      return matches(name, value)
  }
}

function matches(name: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(name)
  } catch {
    return false
  }
}
