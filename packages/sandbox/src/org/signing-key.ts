import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, compactVerify, errors, SignJWT } from 'jose'
import { isJsonObject, type JsonObject } from './json.ts'

/** A private RSA key as a JWK. */
export type PrivateJwk = Readonly<Record<string, unknown>> & { readonly kty: 'RSA' }

/** An RSA key that signs with RS256. */
export class SigningKey {
  readonly #privateKey: KeyObject
  readonly #publicKey: KeyObject
  /** The RFC 7638 thumbprint of the key. */
  readonly kid: string

  private constructor(privateKey: KeyObject, kid: string) {
    this.#privateKey = privateKey
    this.#publicKey = createPublicKey(privateKey)
    this.kid = kid
  }

  /** Makes a new key of 2048 bits. */
  static async generate(): Promise<SigningKey> {
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
    return SigningKey.#of(privateKey)
  }

  /** Takes a given private key. */
  static async from(jwk: PrivateJwk): Promise<SigningKey> {
    return SigningKey.#of(createPrivateKey({ key: jwk, format: 'jwk' }))
  }

  static async #of(privateKey: KeyObject): Promise<SigningKey> {
    return new SigningKey(privateKey, await calculateJwkThumbprint(createPublicKey(privateKey)))
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
  sign(claims: JsonObject): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ kid: this.kid, alg: 'RS256' }).sign(this.#privateKey)
  }

  /** The claims of a JWT that this key signed. It checks nothing but the signature. */
  async open(jwt: string): Promise<JsonObject | undefined> {
    try {
      const { payload } = await compactVerify(jwt, this.#publicKey, { algorithms: ['RS256'] })
      const claims: unknown = JSON.parse(new TextDecoder().decode(payload))
      return isJsonObject(claims) ? claims : undefined
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof SyntaxError) return undefined
      throw error
    }
  }
}
