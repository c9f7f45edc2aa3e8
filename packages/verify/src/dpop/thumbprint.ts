import { createHash } from 'node:crypto'
import type { JsonObject } from '@behalf/core'

const requiredMembers: Readonly<Record<string, readonly string[]>> = {
  RSA: ['e', 'kty', 'n'],
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
}

/**
 * The SHA-256 thumbprint of a public key, in base64url; undefined when it is no public JWK. It does not check
 * that the members make a key.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7638#section-3
 */
export function jwkThumbprint(jwk: JsonObject): string | undefined {
  const kty = jwk['kty']
  const names =
    typeof kty === 'string' && Object.hasOwn(requiredMembers, kty) ? requiredMembers[kty] : undefined
  if (names === undefined || names.some((name) => typeof jwk[name] !== 'string')) return undefined
  // The names are in lexicographic order already, which is the order that the thumbprint is defined over.
  const canonical = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])))
  return createHash('sha256').update(canonical).digest('base64url')
}
