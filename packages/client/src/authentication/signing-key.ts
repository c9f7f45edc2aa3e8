import { Buffer } from 'node:buffer'
import type { JsonObject, SignatureAlgorithm } from '@behalf/core'
import { isObject } from '@behalf/core/internal'
import { type PrivateKeyOptions, readPrivateKey } from './private-key.ts'
import { type PublicSignatureJwk, readSigner, type Signer } from './signer.ts'

/** What signs for the client: a private key, or a signer that has one. */
export type SigningKeyOptions =
  | (PrivateKeyOptions & { readonly signer?: never })
  | { readonly signer: Signer; readonly privateKey?: never; readonly algorithm?: never }

/** A key that signs, wherever it is. */
export interface SigningKey {
  readonly algorithm: SignatureAlgorithm
  /** The JWK's `kid`, when it has one. */
  readonly keyId: string | undefined
  /** What a proof of possession shows; undefined when the public key is not known. */
  readonly proof:
    | {
        readonly publicJwk: PublicSignatureJwk
        /** The public key's SHA-256 thumbprint (RFC 7638), base64url. */
        readonly thumbprint: string
      }
    | undefined
  /**
   * Makes a signature as JWS has it.
   *
   * @throws ExchangeError - `token_request_failed`, when a signer fails
   */
  sign(data: Uint8Array): Promise<Uint8Array>
}

/** Reads the key that signs; a string says why it cannot, without its value. */
export function readSigningKey(options: SigningKeyOptions): SigningKey | string {
  if (!isObject(options)) return 'expected a privateKey or a signer'
  if (options.signer === undefined) return readPrivateKey(options)
  return 'privateKey' in options || 'algorithm' in options
    ? 'expected a privateKey or a signer, which names its algorithm itself; not both'
    : readSigner(options.signer)
}

/**
 * Signs a JWT.
 *
 * @throws ExchangeError - `token_request_failed`, when a signer fails
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.1
 */
export async function signJwt(
  { algorithm, sign }: SigningKey,
  header: JsonObject,
  payload: JsonObject,
): Promise<string> {
  const input = [{ alg: algorithm, ...header }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${input}.${Buffer.from(await sign(Buffer.from(input))).toString('base64url')}`
}
