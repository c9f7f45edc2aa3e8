import { Buffer } from 'node:buffer'
import { createDecipheriv, createECDH, createHash, type ECDH } from 'node:crypto'
import { sealedAssertion } from '@behalf/core/internal'
import type { ParsedSeal } from './parse-seal.ts'

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

/**
 * A key that opens seals: ECDH on P-256, the Concat KDF and AES-GCM of the platform, at once and without a thread of its own
 * (docs/decisions/0048). Its private half cannot be read from it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-4.6
 */
export class SealingKey {
  readonly kid: string
  readonly published: PublishedSealingKey
  readonly #pair: ECDH

  /** @param jwk - whose members have been found to be those of one key */
  constructor({ kid, x, y, d }: PrivateSealingJwk) {
    this.kid = kid
    this.published = { kty: 'EC', crv: curve, x, y, kid, use: 'enc', alg: keyAgreement }
    this.#pair = pairOf(d)
  }

  /** Says whether both have the same halves; the kid may be another. */
  isSameAs({ published }: SealingKey): boolean {
    return published.x === this.published.x && published.y === this.published.y
  }

  /**
   * Opens a seal.
   *
   * @returns undefined when it was not sealed for this key, or was changed since
   */
  open({ ephemeral, protectedHeader, vector, ciphertext, tag }: ParsedSeal): Buffer | undefined {
    const key = deriveKey(this.#pair.computeSecret(ephemeral))
    const decipher = createDecipheriv('aes-256-gcm', key, vector)
    decipher.setAAD(Buffer.from(protectedHeader)).setAuthTag(tag)
    const plaintext = decipher.update(ciphertext)
    try {
      decipher.final()
    } catch {
      // What `update` has returned is nobody's word.
      return undefined
    }
    return plaintext
  }
}

/** @throws when `d` is zero, or beyond the order of the curve */
export function pairOf(d: string): ECDH {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(Buffer.from(d, 'base64url'))
  return pair
}

/** What is hashed with the agreed secret: the first round, and the algorithm, two nameless parties and 256 bits. */
const round = uint32(1)
const otherInfo = Buffer.concat([
  uint32(encryption.length),
  Buffer.from(encryption),
  uint32(0),
  uint32(0),
  uint32(256),
])

/** One round of the Concat KDF makes all the bits that the key has. */
function deriveKey(agreed: Buffer): Buffer {
  return createHash('sha256').update(round).update(agreed).update(otherInfo).digest()
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
