import type { Buffer } from 'node:buffer'
import type { Denial, Json, Result } from '@behalf/core'
import { decodeCanonical, deny, isJsonObject, isKeyId, pass, sealedAssertion } from '@behalf/core/internal'
import { pointOf } from './curve.ts'
import type { SealedText } from './sealing.ts'

/** A seal, as far as it can be read without a key. */
export interface ParsedSeal {
  /** The id of the key that it is sealed for. */
  readonly kid: string
  /** The point that its client has made for it. */
  readonly ephemeral: Buffer
  /** The header as it stands in the text, which the tag covers. */
  readonly protectedHeader: string
  readonly vector: Buffer
  readonly ciphertext: Buffer
  readonly tag: Buffer
}

const { keyAgreement, encryption, curve } = sealedAssertion
const headerMembers = ['alg', 'enc', 'epk', 'kid', 'typ']
const keyMembers = ['crv', 'kty', 'x', 'y']
const vectorBytes = 12
const tagBytes = 16

/**
 * Reads all of a sealed text that can be read without a key, and refuses what is no seal: its size, its parts, and a header
 * that has other members than a seal's. It opens nothing.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7516#section-5.2
 */
export function parseSeal({ text, header }: SealedText, maxLength: number): Result<ParsedSeal, Denial> {
  if (text.length > maxLength)
    return deny('assertion_too_large', `sealed, it is longer than ${maxLength} characters`)
  const { kid, alg, enc, epk } = header
  if (!hasExactly(header, headerMembers)) return invalid('its header has other members than a seal’s')
  if (alg !== keyAgreement || enc !== encryption) return invalid('its alg or enc is another than a seal’s')
  if (!isKeyId(kid)) return invalid('its kid is unusable')
  const ephemeral = ephemeralOf(epk)
  if (ephemeral === undefined) return invalid('its ephemeral key is none of the curve')
  const [protectedHeader = '', encryptedKey, ...encrypted] = text.split('.')
  if (encryptedKey !== '') return invalid('it has an encrypted key')
  const [vector, ciphertext, tag] = encrypted.map(decodeCanonical)
  return vector?.length === vectorBytes && tag?.length === tagBytes && ciphertext && ciphertext.length > 0
    ? pass({ kid, ephemeral, protectedHeader, vector, ciphertext, tag })
    : invalid('its parts are not those of a seal')
}

function invalid(detail: string): Result<never, Denial> {
  return deny('seal_invalid', detail)
}

function ephemeralOf(key: Json | undefined): Buffer | undefined {
  if (!isJsonObject(key) || !hasExactly(key, keyMembers)) return undefined
  const { kty, crv, x, y } = key
  return kty === 'EC' && crv === curve ? pointOf(x, y) : undefined
}

/** Says whether an object has these members and no others. @param names - in alphabetical order */
export function hasExactly(object: object, names: readonly string[]): boolean {
  const own = Object.keys(object).toSorted()
  return own.length === names.length && own.every((name, index) => name === names[index])
}
