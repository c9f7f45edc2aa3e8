import type { Denial, Json, JsonObject, Result } from '@behalf/core'
import { type Dialect, deny, firstClaim, pass } from '@behalf/core/internal'

/**
 * Reads what was granted: `scp` as Okta writes it, or `scope` as RFC 9068 does. `scp` wins whenever it is
 * there, because nothing but Okta can set it.
 *
 * @returns a denial `token_invalid` when the claim has another shape
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2.3
 */
export function readScopes({ scp, scope }: JsonObject): Result<readonly string[], Denial> {
  if (scp !== undefined)
    return isList(scp) ? pass(scp) : deny('token_invalid', 'scp is not a list of strings')
  if (scope === undefined) return pass([])
  return typeof scope === 'string' ? pass(split(scope)) : deny('token_invalid', 'scope is not a string')
}

/**
 * Reads what a person's own token was granted, where the dialect of its issuer has it: a list, or names separated by
 * blanks, as Entra writes `scp`.
 *
 * @returns a denial `token_invalid` when the claim has another shape
 */
export function readUserScopes(claims: JsonObject, dialect: Dialect): Result<readonly string[], Denial> {
  const granted = firstClaim(dialect.scopeClaims, claims)
  if (granted === undefined) return pass([])
  if (typeof granted === 'string') return pass(split(granted))
  return isList(granted)
    ? pass(granted)
    : deny('token_invalid', 'its scopes are neither names nor a list of them')
}

function isList(value: Json): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}

function split(text: string): readonly string[] {
  return text.split(' ').filter((name) => name !== '')
}
