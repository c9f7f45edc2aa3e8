import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject } from '../json/json.ts'
import { algorithms, isSignatureAlgorithm, type SignatureAlgorithm, synonymsOf } from '../jws/algorithms.ts'
import { hasPrivateMember } from './private-members.ts'
import { jwkThumbprint } from './thumbprint.ts'

/** A key that an issuer publishes to verify its signatures with. */
export interface VerificationKey {
  readonly kid: string
  /** The algorithms that the key may verify: the one it is published for, or all that its type allows. */
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly key: KeyObject
  /** Tells this very key from any other that goes by its `kid` (RFC 7638). */
  readonly thumbprint: string
}

const minRsaBits = 2048
const maxRsaBits = 8192
const maxKidLength = 256
/** RFC 8725 §3.2 wants the exponents that everybody uses; others are slow or weak. */
const rsaExponents: readonly (bigint | undefined)[] = [3n, 17n, 257n, 65537n]

/** Says whether a header or a JWK names a key in a way that can be looked up. */
export function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= maxKidLength
}

/**
 * Imports one member of a JWKS, or nothing when it is not a public signature key of sufficient strength
 * with a `kid`: symmetric, private, encryption and weak keys are passed over.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-4
 */
export function importVerificationKey(jwk: Json): VerificationKey | undefined {
  if (!isJsonObject(jwk)) return undefined
  const { kid, use, key_ops: operations, alg } = jwk
  if (!isKeyId(kid)) return undefined
  if (use !== undefined && use !== 'sig') return undefined
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))
    return undefined
  // Whoever can read a private key can sign with it, so its public half vouches for nothing.
  if (hasPrivateMember(jwk)) return undefined
  const suitable = suitableAlgorithms(jwk, alg)
  if (suitable.length === 0) return undefined
  const key = importPublicKey(jwk)
  const thumbprint = jwkThumbprint(jwk)
  if (key === undefined || thumbprint === undefined || !isStrong(key)) return undefined
  return { kid, algorithms: suitable, key, thumbprint }
}

function suitableAlgorithms(jwk: JsonObject, alg: Json | undefined): readonly SignatureAlgorithm[] {
  if (alg !== undefined && !isSignatureAlgorithm(alg)) return []
  const candidates =
    alg === undefined ? Object.keys(algorithms).filter(isSignatureAlgorithm) : synonymsOf(alg)
  return candidates.filter((candidate) => {
    const { keyType, curve } = algorithms[candidate]
    return jwk['kty'] === keyType && (curve === undefined || jwk['crv'] === curve)
  })
}

function importPublicKey({ kty, crv, n, e, x, y }: JsonObject): KeyObject | undefined {
  const jwk: JsonWebKey = {}
  for (const [name, value] of Object.entries({ kty, crv, n, e, x, y })) {
    if (typeof value === 'string') jwk[name] = value
  }
  try {
    return createPublicKey({ format: 'jwk', key: jwk })
  } catch {
    // A key that does not import is passed over like any other that cannot be used.
    return undefined
  }
}

function isStrong(key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa') return true
  const { modulusLength = 0, publicExponent } = key.asymmetricKeyDetails ?? {}
  return modulusLength >= minRsaBits && modulusLength <= maxRsaBits && rsaExponents.includes(publicExponent)
}
