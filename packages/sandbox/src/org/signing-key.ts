import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'
import type { JsonObject } from './json.ts'

/** A private RSA key as a JWK. */
export type PrivateJwk = Readonly<Record<string, unknown>> & { readonly kty: 'RSA' }

/** An RSA key that signs with RS256. */
export class SigningKey {
  readonly #privateKey: KeyObject
  readonly #publicKey: KeyObject
  /** The RFC 7638 thumbprint of the key. */
  readonly kid: string

  private constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey
    this.#publicKey = createPublicKey(privateKey)
    const { e, kty, n } = this.#publicKey.export({ format: 'jwk' })
    this.kid = hash('sha256', JSON.stringify({ e, kty, n }), 'base64url')
  }

  /** Makes a new key of 2048 bits. */
  static async generate(): Promise<SigningKey> {
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
    return new SigningKey(privateKey)
  }

  /** Takes a given private key. */
  static from(jwk: PrivateJwk): SigningKey {
    return new SigningKey(createPrivateKey({ key: jwk, format: 'jwk' }))
  }

  get publicJwk(): JsonObject {
    const { e = '', n = '' } = this.#publicKey.export({ format: 'jwk' })
    return { kty: 'RSA', alg: 'RS256', kid: this.kid, use: 'sig', e, n }
  }

  get privateJwk(): PrivateJwk & JsonObject {
    const { d = '', p = '', q = '', dp = '', dq = '', qi = '' } = this.#privateKey.export({ format: 'jwk' })
    return { ...this.publicJwk, kty: 'RSA', d, p, q, dp, dq, qi }
  }

  /** Signs claims as a compact JWT. The header has `kid` and `alg` only, as Okta's has. */
  sign(claims: JsonObject): string {
    const input = `${encode({ kid: this.kid, alg: 'RS256' })}.${encode(claims)}`
    return `${input}.${sign('RSA-SHA256', Buffer.from(input), this.#privateKey).toString('base64url')}`
  }

  /** Whether this key made the signature of `<header>.<payload>`. */
  verifies(input: string, signature: string): boolean {
    return verify('RSA-SHA256', Buffer.from(input), this.#publicKey, Buffer.from(signature, 'base64url'))
  }
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
