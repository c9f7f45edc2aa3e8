import {
  constants,
  createHmac,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto'
import type { SignatureAlgorithm } from '@behalf/core'
import { algorithms } from '@behalf/core/internal'

/** A key pair that signs for tests, and the public half as its issuer would publish it. */
export interface SigningKey {
  readonly kid: string
  readonly algorithm: SignatureAlgorithm
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** The published key, with `kid`, `alg` and `use`. */
  readonly jwk: JsonWebKey & { readonly kid: string; readonly alg: string; readonly use: string }
}

/** Generates a key; RSA keys have 2048 bits unless told otherwise. */
export function generateSigningKey(
  kid: string = 'key-1',
  algorithm: SignatureAlgorithm = 'RS256',
  rsaBits: number = 2048,
): SigningKey {
  const { privateKey, publicKey } = generatePair(algorithm, rsaBits)
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' }
  return { kid, algorithm, privateKey, publicKey, jwk }
}

function generatePair(
  algorithm: SignatureAlgorithm,
  rsaBits: number,
): { privateKey: KeyObject; publicKey: KeyObject } {
  const { keyType, curve } = algorithms[algorithm]
  if (keyType === 'RSA') return generateKeyPairSync('rsa', { modulusLength: rsaBits })
  if (keyType === 'EC') return generateKeyPairSync('ec', { namedCurve: curve ?? 'P-256' })
  return generateKeyPairSync('ed25519')
}

/** A JOSE header or a claims set in the making: anything, so that wrong ones can be made too. */
export type LooseObject = Readonly<Record<string, unknown>>

/** Encodes a part of a JWS; a string is taken as the JSON text itself. */
export function encodePart(part: LooseObject | string): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')
}

/** Signs bytes the way `algorithm` wants it. */
export function signBytes(algorithm: SignatureAlgorithm, key: KeyObject, input: string): Buffer {
  const { digest, pss } = algorithms[algorithm]
  const padding = pss
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {}
  return sign(digest, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363', ...padding })
}

/**
 * Makes a compact JWS. Header members override `alg` and `kid`, and are not checked; the key signs with
 * its own algorithm whatever the header says.
 */
export function signJwt(
  key: SigningKey,
  claims: LooseObject | string,
  header: LooseObject | string = {},
): string {
  const head = typeof header === 'string' ? header : { alg: key.algorithm, kid: key.kid, ...header }
  const input = `${encodePart(head)}.${encodePart(claims)}`
  return `${input}.${signBytes(key.algorithm, key.privateKey, input).toString('base64url')}`
}

/** Makes a compact JWS with an HMAC over any secret, such as the text of a public key. */
export function signHmacJwt(secret: string | Buffer, claims: LooseObject, header: LooseObject): string {
  const input = `${encodePart({ alg: 'HS256', ...header })}.${encodePart(claims)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}
