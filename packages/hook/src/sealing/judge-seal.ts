import type { Denial, Json, Result } from '@behalf/core'
import { decodeCanonical, deny, isJsonObject, isKeyId, pass, sealedAssertion } from '@behalf/core/internal'
import { isPoint } from './curve.ts'
import { headerOf } from './sealed-text.ts'

const { type, keyAgreement, encryption, curve } = sealedAssertion
const headerMembers = ['alg', 'enc', 'epk', 'kid', 'typ']
const keyMembers = ['crv', 'kty', 'x', 'y']
const vectorBytes = 12
const tagBytes = 16

/**
 * Judges all of a sealed text that can be judged without a key: its size, its parts, and a header that has exactly the
 * members of a seal. It opens nothing.
 *
 * @returns the id of the key that it is sealed for
 * @see https://www.rfc-editor.org/rfc/rfc7516#section-5.2
 */
export function judgeSeal(text: string, maxLength: number): Result<string, Denial> {
  if (text.length > maxLength)
    return deny('assertion_too_large', `sealed, it is longer than ${maxLength} characters`)
  const [, encryptedKey, vector = '', ciphertext = '', tag = ''] = text.split('.')
  const header = headerOf(text) ?? {}
  const { kid, typ, alg, enc, epk } = header
  if (!hasExactly(header, headerMembers) || typ !== type)
    return invalid('its header has other members than a seal’s')
  if (alg !== keyAgreement || enc !== encryption) return invalid('its alg or enc is another than a seal’s')
  if (!isKeyId(kid)) return invalid('its kid is unusable')
  if (!isEphemeralKey(epk)) return invalid('its ephemeral key is none of the curve')
  if (encryptedKey !== '') return invalid('it has an encrypted key')
  const areSound =
    bytesIn(vector) === vectorBytes && bytesIn(tag) === tagBytes && (bytesIn(ciphertext) ?? 0) > 0
  return areSound ? pass(kid) : invalid('its parts are not those of a seal')
}

function invalid(detail: string): Result<never, Denial> {
  return deny('seal_invalid', detail)
}

function isEphemeralKey(key: Json | undefined): boolean {
  if (!isJsonObject(key) || !hasExactly(key, keyMembers)) return false
  const { kty, crv, x, y } = key
  return kty === 'EC' && crv === curve && isPoint(x, y)
}

/** Undefined when it is not canonical base64url. */
function bytesIn(part: string): number | undefined {
  return decodeCanonical(part)?.length
}

/** Says whether an object has these members and no others. @param names - in alphabetical order */
export function hasExactly(object: object, names: readonly string[]): boolean {
  const own = Object.keys(object).toSorted()
  return own.length === names.length && own.every((name, index) => name === names[index])
}
