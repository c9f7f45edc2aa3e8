import type { Json, JsonObject } from '../json/json.ts'

/**
 * What one claim of a token must be for the test to hold. A claim that is absent fails every test, one that is null or
 * empty all but `isNot`.
 */
export type ClaimTest =
  /** It is there, and not `false` or an empty list. */
  | { readonly claim: string }
  /** It is one of these values. */
  | { readonly claim: string; readonly is: readonly Json[] }
  /** It is there and none of these values. */
  | { readonly claim: string; readonly isNot: readonly Json[] }
  /** It is a string that fits. */
  | { readonly claim: string; readonly matches: RegExp }
  /** It has the value of another claim. */
  | { readonly claim: string; readonly sameAs: string }

/**
 * How the access tokens of one kind of authorization server speak: who the client is, what was granted, whom the
 * token is for, and above all what proves that its subject is a person. A dialect is data; a token that does not
 * prove a user in its issuer's dialect is no user's token, because machine tokens look alike everywhere but there.
 */
export interface Dialect {
  /** Names the client that the token was issued to: the first of these that is there. */
  readonly clientClaims: readonly string[]
  /** Say what was granted, as a list or separated by blanks: the first of these that is there. */
  readonly scopeClaims: readonly string[]
  /** Say whom the token is for: the first of these that is there. */
  readonly audienceClaims: readonly string[]
  /** All of these hold of users' tokens, and of no others together. At least one. */
  readonly userProof: readonly ClaimTest[]
  /** None of these holds of users' tokens. */
  readonly machineMarks: readonly ClaimTest[]
  /** Identify a user for good, together with the issuer; `sub` need not, e.g. where it is a login. */
  readonly stableClaims: readonly string[]
  /** Where the issuer's metadata may send for keys besides the issuer's own origin. */
  readonly keyOrigins: readonly string[]
}

/** A name, as identifiers are: what stands in its place is no proof of anybody. */
export const aName: RegExp = /\S/

/** Whether a test holds of these claims. */
export function claimTestHolds(test: ClaimTest, claims: JsonObject): boolean {
  const value = claims[test.claim]
  if (value === undefined) return false
  if ('isNot' in test) return !test.isNot.includes(value)
  if (value === null || value === '') return false
  if ('is' in test) return test.is.includes(value)
  if ('matches' in test) return typeof value === 'string' && test.matches.test(value)
  if ('sameAs' in test) return value === claims[test.sameAs]
  return value !== false && !(Array.isArray(value) && value.length === 0)
}

/** The value of the first of several claims that is there. */
export function firstClaim(names: readonly string[], claims: JsonObject): Json | undefined {
  for (const name of names) if (claims[name] !== undefined) return claims[name]
  return undefined
}
