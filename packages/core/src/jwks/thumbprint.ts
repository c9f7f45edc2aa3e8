import { hash } from 'node:crypto'

/** The members of a public JWK that its thumbprint is made of. */
export interface ThumbprintMembers {
  readonly kty?: unknown
  readonly crv?: unknown
  readonly x?: unknown
  readonly y?: unknown
  readonly n?: unknown
  readonly e?: unknown
}

/** In lexicographic order, over which the thumbprint is defined. */
const requiredMembers: ReadonlyMap<unknown, readonly (keyof ThumbprintMembers)[]> = new Map([
  ['RSA', ['e', 'kty', 'n']],
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
])

/**
 * Makes the SHA-256 thumbprint of a public key, in base64url; undefined when it is no asymmetric JWK. It does not
 * check that the members make a key.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7638#section-3
 */
export function jwkThumbprint(jwk: ThumbprintMembers): string | undefined {
  const names = requiredMembers.get(jwk.kty)
  if (names === undefined || names.some((name) => typeof jwk[name] !== 'string')) return undefined
  const canonical = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])))
  return hash('sha256', canonical, 'base64url')
}
