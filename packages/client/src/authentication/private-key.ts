import { createPrivateKey, createPublicKey, type KeyObject, webcrypto } from 'node:crypto'
import type { SignatureAlgorithm } from '@behalf/core'
import { algorithms, isSignatureAlgorithm, jwkThumbprint } from '@behalf/core/internal'

/** A private key as a JSON Web Key (RFC 7517, RFC 7518 §6). */
export interface PrivateJwk {
  readonly kty?: string
  readonly alg?: string
  readonly kid?: string
  readonly use?: string
  readonly key_ops?: string[]
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly d?: string
  readonly n?: string
  readonly e?: string
  readonly p?: string
  readonly q?: string
  readonly dp?: string
  readonly dq?: string
  readonly qi?: string
}

/** A private key that signs for the client. */
export interface PrivateKeyOptions {
  /** The key: PEM without a passphrase (PKCS #8, PKCS #1, SEC 1), or a JWK. */
  readonly privateKey: string | PrivateJwk
  /** Default: the JWK's `alg`, else RS256 for RSA, the curve's for EC, EdDSA for Ed25519. */
  readonly algorithm?: SignatureAlgorithm
}

/** A private key that fits its algorithm. */
export interface PrivateKey {
  readonly algorithm: SignatureAlgorithm
  /** The JWK's `kid`, when it has one. */
  readonly keyId: string | undefined
  /** The public key's SHA-256 thumbprint (RFC 7638), base64url. */
  readonly thumbprint: string
  /** The pair for Web Crypto; imported once. */
  readonly keyPair: () => Promise<webcrypto.CryptoKeyPair>
}

const minRsaBits = 2048

/** Reads a private key; a string says why it cannot be used, without its value. */
export function readPrivateKey({ privateKey, algorithm }: PrivateKeyOptions): PrivateKey | string {
  let key: KeyObject
  try {
    key = createPrivateKey(
      typeof privateKey === 'string' ? privateKey : { key: { ...privateKey }, format: 'jwk' },
    )
  } catch {
    return 'expected a private key in PEM without a passphrase, or as a JWK'
  }
  const named = typeof privateKey === 'string' ? undefined : privateKey
  const jwk = key.export({ format: 'jwk' })
  const chosen = algorithm ?? named?.alg ?? defaultAlgorithm(jwk)
  const thumbprint = jwkThumbprint(jwk)
  if (thumbprint === undefined || !isSignatureAlgorithm(chosen) || !fits(jwk, chosen))
    return 'expected a key that fits the algorithm'
  const { modulusLength } = key.asymmetricKeyDetails ?? {}
  if (modulusLength !== undefined && modulusLength < minRsaBits) {
    return `expected an RSA key of ${minRsaBits} bits or more`
  }
  const keyId = named?.kid
  let keyPair: Promise<webcrypto.CryptoKeyPair> | undefined
  return {
    algorithm: chosen,
    keyId: typeof keyId === 'string' ? keyId : undefined,
    thumbprint,
    keyPair: () => {
      keyPair ??= importKeyPair(key, chosen)
      return keyPair
    },
  }
}

function defaultAlgorithm({ kty, crv }: PrivateJwk): SignatureAlgorithm | undefined {
  if (kty === 'RSA') return 'RS256'
  return Object.keys(algorithms)
    .filter(isSignatureAlgorithm)
    .find((name) => algorithms[name].curve === crv)
}

function fits({ kty, crv }: PrivateJwk, algorithm: SignatureAlgorithm): boolean {
  const { keyType, curve } = algorithms[algorithm]
  return kty === keyType && (curve === undefined || crv === curve)
}

async function importKeyPair(
  key: KeyObject,
  algorithm: SignatureAlgorithm,
): Promise<webcrypto.CryptoKeyPair> {
  const parameters = webCryptoParameters(algorithm)
  const { subtle } = webcrypto
  return {
    privateKey: await subtle.importKey('jwk', key.export({ format: 'jwk' }), parameters, false, ['sign']),
    publicKey: await subtle.importKey(
      'jwk',
      createPublicKey(key).export({ format: 'jwk' }),
      parameters,
      true,
      ['verify'],
    ),
  }
}

function webCryptoParameters(algorithm: SignatureAlgorithm): {
  name: string
  hash: string
  namedCurve?: string
} {
  const { curve, pss, keyType } = algorithms[algorithm]
  const digest = `SHA-${algorithm.slice(2)}`
  if (keyType === 'RSA') return { name: pss ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: digest }
  if (keyType === 'OKP') return { name: 'Ed25519', hash: digest }
  return { name: 'ECDSA', hash: digest, ...(curve === undefined ? {} : { namedCurve: curve }) }
}
