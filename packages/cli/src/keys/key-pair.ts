import { generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { jwkThumbprint } from '@behalf/core/internal'

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

/** Generates a key pair; RSA keys have 2 048 bits. The `kid` is the thumbprint of RFC 7638 unless given. */
export async function generateKeys(algorithm: KeyAlgorithm, kid?: string): Promise<KeyPair> {
  const { privateKey, publicKey } = await generatePair(algorithm)
  const jwk = publicKey.export({ format: 'jwk' })
  const name = kid ?? jwkThumbprint(jwk)
  if (name === undefined) throw new TypeError('the key is of no kind that has a thumbprint')
  const names = { kid: name, alg: algorithm, use: 'sig' }
  return {
    kid: name,
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...names },
    publicJwk: { ...jwk, ...names },
  }
}

function generatePair(algorithm: KeyAlgorithm): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  return algorithm === 'RS256'
    ? generate('rsa', { modulusLength: 2048 })
    : generate('ec', { namedCurve: 'P-256' })
}
