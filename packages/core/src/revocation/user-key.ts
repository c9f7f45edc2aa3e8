import { hash } from 'node:crypto'
import type { Json, JsonObject } from '../json/json.ts'
import { isPartyName } from '../text/party-name.ts'

/**
 * Returns the name under which the cut-off of a user is kept: a digest over whose people the user belongs to and what
 * identifies the user for good there. A login is not in it, because it can be given to somebody else later.
 *
 * @param org - whose people the issuer vouches for, as the configuration states it
 * @param stableClaims - what identifies a user for good in the issuer's dialect
 * @returns undefined when one of these claims is missing or no name
 */
export function userKey(
  org: string,
  stableClaims: readonly string[],
  claims: JsonObject,
): string | undefined {
  const named: (readonly [string, string])[] = []
  for (const name of stableClaims) {
    const value = nameIn(claims[name])
    if (value === undefined) return undefined
    named.push([name, value])
  }
  return named.length === 0 ? undefined : hash('sha256', JSON.stringify([org, ...named]), 'base64url')
}

function nameIn(value: Json | undefined): string | undefined {
  if (Number.isSafeInteger(value)) return String(value)
  return typeof value === 'string' && isPartyName(value) ? value : undefined
}
