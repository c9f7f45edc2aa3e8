import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto'
import type { SignatureAlgorithm } from '@behalf/core'
import { algorithms, isSignatureAlgorithm, jwkThumbprint } from '@behalf/core/internal'
import { publicMembers } from './signer.ts'
import type { SigningKey } from './signing-key.ts'

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

/** A `KeyObject` of `node:crypto`, or a `CryptoKey` that may be exported; structural, so that no types of Node are needed. */
export interface PlatformKey {
  readonly type: 'private' | 'public' | 'secret'
}

/** A private key that signs for the client. */
export interface PrivateKeyOptions {
  /** The key: PEM without a passphrase (PKCS #8, PKCS #1, SEC 1), a JWK, a `KeyObject` or an extractable `CryptoKey`. */
  readonly privateKey: string | PrivateJwk | PlatformKey
  /** Default: what JWK or `CryptoKey` name, else RS256 for RSA, the curve's for EC, EdDSA for Ed25519. */
  readonly algorithm?: SignatureAlgorithm
}

const minRsaBits = 2048

/** Reads a private key; a string says why it cannot be used, without its value. */
export function readPrivateKey({ privateKey, algorithm }: PrivateKeyOptions): SigningKey | string {
  const read = readKey(privateKey)
  if (typeof read === 'string') return read
  const { key, named } = read
  const jwk = key.export({ format: 'jwk' })
  const chosen = algorithm ?? named.alg ?? defaultAlgorithm(jwk)
  const thumbprint = jwkThumbprint(jwk)
  if (thumbprint === undefined || !isSignatureAlgorithm(chosen) || !fits(jwk, chosen))
    return 'expected a key that fits the algorithm'
  const { modulusLength } = key.asymmetricKeyDetails ?? {}
  if (modulusLength !== undefined && modulusLength < minRsaBits) {
    return `expected an RSA key of ${minRsaBits} bits or more`
  }
  const parameters = webCryptoParameters(chosen)
  let imported: webcrypto.CryptoKey | undefined
  return {
    algorithm: chosen,
    keyId: typeof named.kid === 'string' ? named.kid : undefined,
    proof: { publicJwk: publicMembers(jwk), thumbprint },
    async sign(data) {
      // Not a promise is kept: on Workers it is lost when the request that made it goes away.
      imported ??= await webcrypto.subtle.importKey('jwk', jwk, parameters, false, ['sign'])
      return new Uint8Array(await webcrypto.subtle.sign(parameters, imported, data))
    },
  }
}

/** The key, and what the form that it came in says of it. */
interface ReadKey {
  readonly key: KeyObject
  readonly named: { readonly alg?: string | undefined; readonly kid?: string | undefined }
}

const expected = 'expected a private key in PEM without a passphrase, as a JWK, a KeyObject or a CryptoKey'

function readKey(privateKey: PrivateKeyOptions['privateKey']): ReadKey | string {
  try {
    if (typeof privateKey === 'string') return { key: createPrivateKey(privateKey), named: {} }
    if (privateKey instanceof CryptoKey) {
      if (!privateKey.extractable)
        return 'expected a CryptoKey that is extractable; give another to a signer, which signs with it'
      const key = KeyObject.from(privateKey)
      return key.type === 'private' ? { key, named: { alg: algorithmOf(privateKey) } } : expected
    }
    if (privateKey instanceof KeyObject)
      return privateKey.type === 'private' ? { key: privateKey, named: {} } : expected
    if ('type' in privateKey) return expected
    return { key: createPrivateKey({ key: { ...privateKey }, format: 'jwk' }), named: privateKey }
  } catch {
    return expected
  }
}

/** A key of Web Crypto is for one algorithm; what JWS has no name for fits none. */
function algorithmOf({ algorithm }: webcrypto.CryptoKey): SignatureAlgorithm | undefined {
  const hash: unknown = Reflect.get(Object(Reflect.get(algorithm, 'hash')), 'name')
  const family = { 'RSASSA-PKCS1-v1_5': 'RS', 'RSA-PSS': 'PS' }[algorithm.name]
  const name = `${family}${String(hash).slice('SHA-'.length)}`
  return isSignatureAlgorithm(name) ? name : undefined
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

function webCryptoParameters(algorithm: SignatureAlgorithm): {
  name: string
  hash: string
  namedCurve?: string
  saltLength?: number
} {
  const { curve, pss, keyType } = algorithms[algorithm]
  const digest = `SHA-${algorithm.slice(2)}`
  if (keyType === 'RSA') {
    const saltLength = Number(algorithm.slice(2)) / 8
    return pss ? { name: 'RSA-PSS', hash: digest, saltLength } : { name: 'RSASSA-PKCS1-v1_5', hash: digest }
  }
  if (keyType === 'OKP') return { name: 'Ed25519', hash: digest }
  return { name: 'ECDSA', hash: digest, ...(curve === undefined ? {} : { namedCurve: curve }) }
}
