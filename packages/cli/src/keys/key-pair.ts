import { generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { jwkThumbprint, sealedAssertion } from '@behalf/core/internal'

/** The algorithms that keys are made for: what Okta accepts from clients. */
export type KeyAlgorithm = 'RS256' | 'ES256'

/** A new key pair. */
export interface KeyPair {
  readonly kid: string
  /** The private key, PKCS #8 in PEM. */
  readonly privatePem: string
  /** The private key, with `kid`, `alg` and `use`. */
  readonly privateJwk: JsonWebKey
  /** What is registered or published: no private member. */
  readonly publicJwk: JsonWebKey
}

const generate = promisify(generateKeyPair)

/** Generates a key pair that signs; RSA keys have 2 048 bits. The `kid` is the thumbprint of RFC 7638 unless given. */
export async function generateKeys(algorithm: KeyAlgorithm, kid?: string): Promise<KeyPair> {
  return named(await generatePair(algorithm), { alg: algorithm, use: 'sig' }, kid)
}

/** Generates a key pair that assertions are sealed for and opened with. The `kid` likewise. */
export async function generateSealingKeys(kid?: string): Promise<KeyPair> {
  const { keyAgreement, curve } = sealedAssertion
  return named(await generate('ec', { namedCurve: curve }), { alg: keyAgreement, use: 'enc' }, kid)
}

function named(
  { privateKey, publicKey }: GeneratedPair,
  purpose: { readonly alg: string; readonly use: string },
  kid: string | undefined,
): KeyPair {
  const jwk = publicKey.export({ format: 'jwk' })
  const name = kid ?? jwkThumbprint(jwk)
  if (name === undefined) throw new TypeError('the key is of no kind that has a thumbprint')
  const names = { kid: name, ...purpose }
  return {
    kid: name,
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...names },
    publicJwk: { ...jwk, ...names },
  }
}

interface GeneratedPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

function generatePair(algorithm: KeyAlgorithm): Promise<GeneratedPair> {
  return algorithm === 'RS256'
    ? generate('rsa', { modulusLength: 2048 })
    : generate('ec', { namedCurve: 'P-256' })
}
