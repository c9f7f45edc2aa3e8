import type { Json, JsonObject } from '../json/json.ts'

/**
 * What one claim of a token must be for the test to hold. One that is absent fails every test.
 */
export type ClaimTest =
  /** It is there: as a proof it also says something, and is not `false`, 0, blank or empty. */
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

/** Says whether a proof of a user holds; a claim that says nothing (null, false, 0, blank, an empty list or object) proves nobody. */
export function proves(test: ClaimTest, claims: JsonObject): boolean {
  const value = claims[test.claim]
  if (!saysSomething(value)) return false
  if ('is' in test) return test.is.includes(value)
  if ('isNot' in test) return !test.isNot.includes(value)
  if ('matches' in test) return typeof value === 'string' && test.matches.test(value)
  if ('sameAs' in test) return value === claims[test.sameAs]
  return true
}

/**
 * Says whether a mark of machines is there: with whatever value, alone or in a list, in whatever case. What merely could be one
 * is one, because the machine that it overlooks is taken for a person.
 */
export function marks(test: ClaimTest, claims: JsonObject): boolean {
  const value = claims[test.claim]
  if (value === undefined) return false
  if ('isNot' in test) return !test.isNot.includes(value)
  const values = (Array.isArray(value) ? value : [value]).map(folded)
  if ('is' in test) return test.is.some((mark) => values.includes(folded(mark)))
  if ('matches' in test) return values.some((each) => typeof each === 'string' && test.matches.test(each))
  if ('sameAs' in test) return isSame(value, claims[test.sameAs])
  return true
}

/** Says whether two claims could name the same party; case and blanks keep nobody apart. */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  return one !== undefined && other !== undefined && folded(one) === folded(other)
}

function folded(value: Json): Json {
  return typeof value === 'string' ? value.trim().toLowerCase() : value
}

function saysSomething(value: Json | undefined): value is Json {
  if (typeof value === 'string') return value.trim() !== ''
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}

/** Returns the value of the first of several claims that is there. */
export function firstClaim(names: readonly string[], claims: JsonObject): Json | undefined {
  for (const name of names) if (claims[name] !== undefined) return claims[name]
  return undefined
}
