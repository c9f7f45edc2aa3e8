import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Turns what is to be stored into what lies in the store, and back. */
export interface EntryEncryption {
  /** @param context - what the value belongs to; the same must be given to decrypt it */
  encrypt(text: string, context: string): string
  /** Undefined when the value was not encrypted with one of the keys for this context. */
  decrypt(value: string, context: string): string | undefined
}

/** Stores values as they are. */
export const unencrypted: EntryEncryption = { encrypt: (text) => text, decrypt: (value) => value }

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/**
 * Encrypts values with AES-256-GCM. The first key encrypts; all keys decrypt, so that a new key can be put in front
 * while the values of the former one run out.
 *
 * @param keys - at least one, of 32 bytes each
 * @see https://csrc.nist.gov/pubs/sp/800/38/d/final
 */
export function encryptedWith(keys: readonly [Uint8Array, ...Uint8Array[]]): EntryEncryption {
  return {
    encrypt(text, context) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, keys[0], iv, { authTagLength: tagBytes })
      cipher.setAAD(Buffer.from(context))
      const encrypted = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return encrypted.toString('base64url')
    },
    decrypt(value, context) {
      const encrypted = Buffer.from(value, 'base64url')
      if (encrypted.length < ivBytes + tagBytes) return undefined
      for (const key of keys) {
        const text = decryptWith(key, encrypted, context)
        if (text !== undefined) return text
      }
      return undefined
    },
  }
}

function decryptWith(key: Uint8Array, encrypted: Buffer, context: string): string | undefined {
  const decipher = createDecipheriv(algorithm, key, encrypted.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(encrypted.subarray(-tagBytes))
  try {
    return decipher.update(encrypted.subarray(ivBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}
