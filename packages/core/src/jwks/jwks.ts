import { isJsonObject, type Json } from '../json/json.ts'
import type { SignatureAlgorithm } from '../jws/algorithms.ts'
import { importVerificationKey, type VerificationKey } from './jwk.ts'

const maxKeys = 100

/** The usable keys of one issuer. */
export class Jwks {
  readonly #keys = new Map<string, VerificationKey[]>()

  private constructor(keys: readonly VerificationKey[]) {
    for (const key of keys) this.#keys.set(key.kid, [...(this.#keys.get(key.kid) ?? []), key])
  }

  /**
   * Reads a JWK Set document; undefined when it is none or holds no usable key, because an issuer without
   * keys is a fault and not a withdrawal of all of them.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
   */
  static parse(document: Json): Jwks | undefined {
    if (!isJsonObject(document) || !Array.isArray(document['keys']) || document['keys'].length > maxKeys)
      return undefined
    const keys = document['keys'].map(importVerificationKey).filter((key) => key !== undefined)
    return keys.length === 0 ? undefined : new Jwks(keys)
  }

  /** Whether any key goes by this `kid`, whatever its algorithm. */
  has(kid: string): boolean {
    return this.#keys.has(kid)
  }

  /** The keys that go by `kid` and may verify `algorithm`; usually one. */
  find(kid: string, algorithm: SignatureAlgorithm): readonly VerificationKey[] {
    return this.#keys.get(kid)?.filter((key) => key.algorithms.includes(algorithm)) ?? []
  }
}
