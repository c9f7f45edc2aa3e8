import { sealedAssertion } from '@behalf/core/internal'
import { type CryptoKey, compactDecrypt, errors, importJWK } from 'jose'

/** The private half of a key that clients seal for. */
export interface PrivateSealingJwk {
  readonly kid: string
  readonly x: string
  readonly y: string
  readonly d: string
}

/** The public half, as it is published. */
export interface PublishedSealingKey {
  readonly kty: 'EC'
  readonly crv: string
  readonly x: string
  readonly y: string
  readonly kid: string
  readonly use: 'enc'
  readonly alg: string
}

const { keyAgreement, encryption, curve } = sealedAssertion
const accepted = {
  keyManagementAlgorithms: [keyAgreement],
  contentEncryptionAlgorithms: [encryption],
  // Compressed plaintext is refused by the header; here it would not be inflated either.
  maxDecompressedLength: 0,
}

/** A key that opens seals. Its private half cannot be read from it. */
export class SealingKey {
  readonly kid: string
  readonly published: PublishedSealingKey
  readonly #imported: () => Promise<CryptoKey>

  /** @param jwk - whose members have been found to be those of one key */
  constructor({ kid, x, y, d }: PrivateSealingJwk) {
    this.kid = kid
    this.published = { kty: 'EC', crv: curve, x, y, kid, use: 'enc', alg: keyAgreement }
    let imported: Promise<CryptoKey> | undefined
    this.#imported = () => {
      imported ??= importPrivate({ kty: 'EC', crv: curve, x, y, d })
      return imported
    }
  }

  /**
   * Opens a text whose header was judged.
   *
   * @returns undefined when it was not sealed for this key, or was changed since
   */
  async open(text: string): Promise<Uint8Array | undefined> {
    const key = await this.#imported()
    try {
      const { plaintext } = await compactDecrypt(text, key, accepted)
      return plaintext
    } catch (error) {
      // Anything else is no fault of a text that was judged.
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }
}

async function importPrivate(jwk: Record<string, string>): Promise<CryptoKey> {
  const key = await importJWK(jwk, keyAgreement, { extractable: false })
  if (key instanceof Uint8Array) throw new TypeError('a key of a curve was imported as a symmetric one')
  return key
}
