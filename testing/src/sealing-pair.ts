import {
  createCipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto'
import { encodePart, type LooseObject } from './signing-key.ts'

/** What the parts of a sealed text are replaced by, for those that no client makes. */
export interface SealChanges {
  /** Members of the header to add or replace; undefined ones are left out. */
  readonly header?: LooseObject
  /** The header as it stands there. */
  readonly headerPart?: string
  readonly encryptedKey?: string
  readonly vector?: string
  readonly tag?: string
  /** What is encrypted, in place of a payload. */
  readonly plaintext?: string | Uint8Array
}

/** Both halves of a key of the curve. */
export type PrivateJwk = Readonly<Record<'kty' | 'crv' | 'x' | 'y' | 'd' | 'kid', string>>

/** A pair of keys that assertions are sealed for, by code that shares nothing with the hook's. */
export class SealingPair {
  readonly kid: string
  /** Both halves, as the hook is configured with them. */
  readonly jwk: PrivateJwk

  constructor(kid: string = 'seal-1') {
    const {
      kty = '',
      crv = '',
      x = '',
      y = '',
      d = '',
    } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
    }).privateKey.export({ format: 'jwk' })
    this.kid = kid
    this.jwk = { kty, crv, x, y, d, kid }
  }

  /**
   * Seals a payload.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7518#section-4.6
   */
  seal(payload: LooseObject, changes: SealChanges = {}): string {
    const { kty, crv, x, y } = this.jwk
    const recipient = createPublicKey({ format: 'jwk', key: { kty, crv, x, y } })
    const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { kty: _, ...point } = ephemeral.publicKey.export({ format: 'jwk' })
    const header = {
      alg: 'ECDH-ES',
      enc: 'A256GCM',
      typ: 'sealed-assertion+jwt',
      kid: this.kid,
      epk: { kty: 'EC', ...point },
      ...changes.header,
    }
    const protectedHeader = changes.headerPart ?? encodePart(header)
    const agreed = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: recipient })
    const key = derive(agreed, String(header.enc), header)
    const vector = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, vector).setAAD(Buffer.from(protectedHeader))
    const text = changes.plaintext ?? JSON.stringify(payload)
    const ciphertext = Buffer.concat([cipher.update(text), cipher.final()])
    return [
      protectedHeader,
      changes.encryptedKey ?? '',
      changes.vector ?? vector.toString('base64url'),
      ciphertext.toString('base64url'),
      changes.tag ?? cipher.getAuthTag().toString('base64url'),
    ].join('.')
  }
}

/** One round of the Concat KDF makes the 256 bits of the key. */
function derive(agreed: Buffer, algorithm: string, { apu, apv }: LooseObject): Buffer {
  const party = (value: unknown): Buffer =>
    withLength(Buffer.from(typeof value === 'string' ? value : '', 'base64url'))
  const info = [withLength(Buffer.from(algorithm)), party(apu), party(apv), uint32(256)]
  return createHash('sha256')
    .update(Buffer.concat([uint32(1), agreed, ...info]))
    .digest()
}

function withLength(bytes: Buffer): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
