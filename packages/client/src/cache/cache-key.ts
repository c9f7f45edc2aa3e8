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

/** Makes the keys under which the delegated tokens of one client are cached. */
export interface CacheKeys {
  /** What the keys of all tokens that were made of an assertion begin with. */
  familyOf(assertion: string): string
  /** The key of one of them. */
  keyOf(assertion: string, scopes: readonly string[], resource: string | undefined): string
}

/** SHA-256 in base64url. */
const familyLength = 43

/** Returns the family that a key belongs to. */
export function familyOfKey(key: string): string {
  return key.slice(0, familyLength)
}

/**
 * Makes cache keys of everything that decides which token is issued, the resource included: SHA-256 over a digest of what is
 * the client's, which is always as long, and the assertion; then each scope with its length in front, and the resource. So no
 * two different combinations read the same. The order and repetition of scopes do not count; the user is not in it, because
 * one user has many assertions.
 */
export function createCacheKeys(namespace: CacheNamespace): CacheKeys {
  const { issuer, clientId, tokenEndpoint, expectedAudiences, dpopThumbprint } = namespace
  const common = sha256(
    JSON.stringify([
      issuer,
      clientId,
      tokenEndpoint ?? null,
      expectedAudiences?.toSorted() ?? null,
      dpopThumbprint ?? null,
    ]),
  )
  const familyOf = (assertion: string): string => sha256(common + assertion)
  return {
    familyOf,
    keyOf(assertion, scopes, resource) {
      const distinct = scopes.length < 2 ? scopes : [...new Set(scopes)].sort()
      // As JSON they would take a tenth of what the digest does.
      let key = familyOf(assertion)
      for (const scope of distinct) key += `${scope.length}:${scope}`
      return resource === undefined ? key : `${key}|${resource}`
    },
  }
}

function sha256(text: string): string {
  return hash('sha256', text, 'base64url')
}
