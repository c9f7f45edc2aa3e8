import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Turns what is to be stored into what lies in the store, and back. */
export interface Sealing {
  /** @param context - what the value belongs to; the same must be given to open it */
  seal(text: string, context: string): string
  /** Undefined when the value was not sealed with one of the keys for this context. */
  open(value: string, context: string): string | undefined
}

/** Stores values as they are. */
export const unsealed: Sealing = { seal: (text) => text, open: (value) => value }

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/**
 * Encrypts values with AES-256-GCM. The first key seals; all keys open, so that a new key can be put in front
 * while the values of the former one run out.
 *
 * @param keys - at least one, of 32 bytes each
 * @see https://csrc.nist.gov/pubs/sp/800/38/d/final
 */
export function createSealing(keys: readonly [Uint8Array, ...Uint8Array[]]): Sealing {
  return {
    seal(text, context) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, keys[0], iv, { authTagLength: tagBytes })
      cipher.setAAD(Buffer.from(context))
      const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return sealed.toString('base64url')
    },
    open(value, context) {
      const sealed = Buffer.from(value, 'base64url')
      if (sealed.length < ivBytes + tagBytes) return undefined
      for (const key of keys) {
        const text = decrypt(sealed, key, context)
        if (text !== undefined) return text
      }
      return undefined
    },
  }
}

function decrypt(sealed: Buffer, key: Uint8Array, context: string): string | undefined {
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  try {
    return decipher.update(sealed.subarray(ivBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}
