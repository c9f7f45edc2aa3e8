import { type OktaFacts, plays } from '../org/okta-facts.ts'

/** What a patch operation points at: the token's lifetime, or a claim with an optional tail inside it. */
export type PatchTarget =
  | { readonly kind: 'lifetime' }
  | { readonly kind: 'claim'; readonly claim: string; readonly tail: readonly string[] }

const lifetimePath = '/token/lifetime/expiration'
const claimPrefix = '/claims/'

/**
 * Reads the `path` of a patch operation: `/token/lifetime/expiration`, or `/claims/<name>` with an optional
 * JSON Pointer tail.
 *
 * @returns `undefined` for anything else, bad escapes and empty claim names included.
 * @see RFC 6901 §3 and §4
 */
export function parsePatchPath(path: string, facts: OktaFacts = {}): PatchTarget | undefined {
  if (path === lifetimePath) return { kind: 'lifetime' }
  if (!path.startsWith(claimPrefix)) return undefined
  const segments = path.slice(claimPrefix.length).split('/')
  const takesAnyEscape = plays(facts, 'bad-escape', 'applied')
  if (!takesAnyEscape && segments.some((segment) => /~(?![01])/.test(segment))) return undefined
  const [claim, ...tail] = segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (claim === undefined || (claim === '' && !plays(facts, 'empty-claim-name', 'applied'))) return undefined
  return { kind: 'claim', claim, tail }
}

/** Reads an array index of a JSON Pointer: decimal digits without leading zeros. */
export function parseArrayIndex(segment: string): number | undefined {
  return /^(0|[1-9]\d{0,8})$/.test(segment) ? Number(segment) : undefined
}
