/** The name of a signature algorithm that Behalf can verify. */
export type SignatureAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519'

/** How one JWS algorithm verifies, and with which keys. */
export interface AlgorithmParameters {
  /** The digest's name for `node:crypto`; null when the scheme hashes by itself. */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | null
  readonly keyType: 'RSA' | 'EC' | 'OKP'
  /** The curve a key must be on. */
  readonly curve?: 'P-256' | 'P-384' | 'P-521' | 'Ed25519'
  /** The length that a signature must have; the modulus decides for RSA. */
  readonly signatureBytes?: number
  /** RSASSA-PSS rather than PKCS #1 v1.5, with a salt as long as the digest. */
  readonly pss?: true
}

/**
 * The signature algorithms that Behalf can verify: asymmetric ones only.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.1
 * @see https://www.rfc-editor.org/rfc/rfc9864
 */
export const algorithms: Readonly<Record<SignatureAlgorithm, AlgorithmParameters>> = {
  RS256: { digest: 'sha256', keyType: 'RSA' },
  RS384: { digest: 'sha384', keyType: 'RSA' },
  RS512: { digest: 'sha512', keyType: 'RSA' },
  PS256: { digest: 'sha256', keyType: 'RSA', pss: true },
  PS384: { digest: 'sha384', keyType: 'RSA', pss: true },
  PS512: { digest: 'sha512', keyType: 'RSA', pss: true },
  ES256: { digest: 'sha256', keyType: 'EC', curve: 'P-256', signatureBytes: 64 },
  ES384: { digest: 'sha384', keyType: 'EC', curve: 'P-384', signatureBytes: 96 },
  ES512: { digest: 'sha512', keyType: 'EC', curve: 'P-521', signatureBytes: 132 },
  EdDSA: { digest: null, keyType: 'OKP', curve: 'Ed25519', signatureBytes: 64 },
  Ed25519: { digest: null, keyType: 'OKP', curve: 'Ed25519', signatureBytes: 64 },
}

/** Says whether a string names an algorithm that Behalf can verify. */
export function isSignatureAlgorithm(value: unknown): value is SignatureAlgorithm {
  return typeof value === 'string' && Object.hasOwn(algorithms, value)
}

/**
 * Returns the names of one and the same algorithm: RFC 9864 calls `Ed25519` what RFC 8037 calls `EdDSA` with a key on that
 * curve, and an issuer that changes from one to the other does not change keys and tokens at once.
 */
export function synonymsOf(algorithm: SignatureAlgorithm): readonly SignatureAlgorithm[] {
  return algorithm === 'EdDSA' || algorithm === 'Ed25519' ? ['EdDSA', 'Ed25519'] : [algorithm]
}
