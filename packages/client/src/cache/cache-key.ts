import { hash } from 'node:crypto'

/** What all tokens of one client have in common. */
export interface CacheNamespace {
  readonly issuer: string
  readonly clientId: string
  readonly tokenEndpoint: string | undefined
  /** The names of API A that assertions are checked against. */
  readonly expectedAudiences: readonly string[] | undefined
  readonly dpopThumbprint: string | undefined
}

/** The key under which a delegated token is cached. */
export type CacheKey = (assertion: string, scopes: readonly string[], resource: string | undefined) => string

/**
 * Makes cache keys: SHA-256 over everything that decides which token is issued, the resource included, written as
 * JSON, and the assertion with its length in front, so that no two different combinations read the same. The order
 * and repetition of scopes do not count; the user is not in it, because one user has many assertions.
 */
export function createCacheKey(namespace: CacheNamespace): CacheKey {
  const { issuer, clientId, tokenEndpoint, expectedAudiences, dpopThumbprint } = namespace
  const common = JSON.stringify([
    issuer,
    clientId,
    tokenEndpoint ?? null,
    expectedAudiences?.toSorted() ?? null,
    dpopThumbprint ?? null,
  ])
  return (assertion, scopes, resource) => {
    const distinct = scopes.length < 2 ? scopes : [...new Set(scopes)].sort()
    // As JSON the assertion alone would take longer than its digest.
    const text = `${common}${assertion.length}:${assertion}${JSON.stringify([distinct, resource ?? null])}`
    return hash('sha256', text, 'base64url')
  }
}
