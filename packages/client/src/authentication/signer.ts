import type { SignatureAlgorithm } from '@behalf/core'
import { algorithms, isObject, isSignatureAlgorithm, jwkThumbprint } from '@behalf/core/internal'
import { ExchangeError } from '../exchange-error.ts'
import { joseSignature } from './jose-signature.ts'
import type { SigningKey } from './signing-key.ts'

/** A public key as a JSON Web Key (RFC 7517, RFC 7518 §6). */
export interface PublicSignatureJwk {
  readonly kty?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
}

/**
 * A private key that is elsewhere, such as in a KMS or an HSM, and signs there.
 *
 * @example
 * ```ts
 * import { createPublicKey } from 'node:crypto'
 * import { privateKeyJwt, type Signer } from '@behalf/client'
 *
 * declare const hsm: { sign(data: Uint8Array): Promise<Uint8Array>; readonly publicKeyPem: string }
 *
 * const signer: Signer = {
 *   algorithm: 'ES256',
 *   publicKey: createPublicKey(hsm.publicKeyPem).export({ format: 'jwk' }),
 *   sign: (data) => hsm.sign(data),
 * }
 * const auth = privateKeyJwt({ signer, keyId: 'api-a-2026' })
 * ```
 */
export interface Signer {
  readonly algorithm: SignatureAlgorithm
  /** The public key, for DPoP, whose proofs carry it; client authentication needs none. */
  readonly publicKey?: PublicSignatureJwk
  /**
   * Signs data, which it hashes itself as the algorithm has it. ECDSA signatures may be what JWS takes (R and S, side by
   * side) or the DER that KMSs and OpenSSL make. What it throws is not told on; the exchange fails with
   * `token_request_failed`, and may be tried again.
   */
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** Takes a signer for a key; a string says why it cannot be one. */
export function readSigner(signer: Signer): SigningKey | string {
  if (!isObject(signer) || typeof signer.sign !== 'function')
    return 'expected a signer with algorithm and sign'
  const { algorithm, publicKey } = signer
  if (!isSignatureAlgorithm(algorithm))
    return `expected a signer whose algorithm is one of ${Object.keys(algorithms).join(', ')}`
  const publicJwk = publicKey === undefined ? undefined : publicMembers(publicKey)
  const thumbprint = publicJwk === undefined ? undefined : jwkThumbprint({ ...publicJwk })
  const { keyType, curve } = algorithms[algorithm]
  if (
    publicKey !== undefined &&
    (thumbprint === undefined ||
      publicKey.kty !== keyType ||
      (curve !== undefined && publicKey.crv !== curve))
  )
    return 'expected a signer whose publicKey is a JWK that fits the algorithm'
  return {
    algorithm,
    keyId: undefined,
    proof: publicJwk === undefined || thumbprint === undefined ? undefined : { publicJwk, thumbprint },
    async sign(data) {
      let made: unknown
      try {
        made = await signer.sign(data)
      } catch {
        // Its error may quote anything, a credential of the KMS included.
        throw signerFailed('the signer failed')
      }
      const signature = joseSignature(algorithm, made)
      if (signature === undefined) throw signerFailed(`the signer made no ${algorithm} signature`)
      return signature
    },
  }
}

/** Only what belongs to a public key, whatever else the object has. */
export function publicMembers({ kty, crv, x, y, n, e }: PublicSignatureJwk): PublicSignatureJwk {
  return Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined),
  )
}

function signerFailed(detail: string): ExchangeError {
  return new ExchangeError('token_request_failed', { detail, retryable: true })
}
