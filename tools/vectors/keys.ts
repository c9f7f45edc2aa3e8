import { createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { SignatureAlgorithm } from '@behalf/core'
import type { SigningKey } from '@behalf/testing'

type KeyName = 'signing' | 'next' | 'unpublished' | 'encryption' | 'edwards'

/** Committed, so that the tokens are the same whoever makes them; they sign nothing else. */
const committed: Readonly<Record<KeyName, JsonWebKey>> = JSON.parse(
  readFileSync(new URL('keys-for-tests-only.json', import.meta.url), 'utf8'),
)

function readKey(name: KeyName, algorithm: SignatureAlgorithm = 'RS256', use: string = 'sig'): SigningKey {
  const { kid, ...jwk } = committed[name]
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  const publicKey = createPublicKey(privateKey)
  const named = String(kid)
  return {
    kid: named,
    algorithm,
    privateKey,
    publicKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid: named, alg: algorithm, use },
  }
}

/** Who signs the tokens: with algorithms whose signatures are the same every time. */
export const keys: Readonly<Record<KeyName, SigningKey>> = {
  signing: readKey('signing'),
  next: readKey('next'),
  /** Has the `kid` of the first, and is not published. */
  unpublished: readKey('unpublished'),
  /** Is published, but not for signatures. */
  encryption: readKey('encryption', 'RS256', 'enc'),
  /** Is published for an algorithm that the API does not accept. */
  edwards: readKey('edwards', 'EdDSA'),
}

/** What the issuer publishes. */
export const jwks: { readonly keys: readonly JsonWebKey[] } = {
  keys: [keys.signing, keys.next, keys.encryption, keys.edwards].map(({ jwk }) => jwk),
}
