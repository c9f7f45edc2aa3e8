import { createPrivateKey } from 'node:crypto'
import type { JsonObject } from '@behalf/core'
import { decodeJsonBytes, isJsonObject, parseStrictJson, sealedAssertion } from '@behalf/core/internal'

const maxJsonDepth = 4

/**
 * Opens a sealed text, whoever it is for and however old it is.
 *
 * @param keys - private keys as JSON that the hook would take
 * @param kid - the key that the text names
 * @returns undefined when none of them opens it, or when what is in it is no JSON object
 */
export async function openSeal(text: string, keys: string, kid: string): Promise<JsonObject | undefined> {
  const jwk = findKey(keys, kid)
  if (jwk === undefined) return undefined
  const { compactDecrypt, errors } = await import('jose')
  try {
    const { plaintext } = await compactDecrypt(text, createPrivateKey({ format: 'jwk', key: jwk }), {
      keyManagementAlgorithms: [sealedAssertion.keyAgreement],
      contentEncryptionAlgorithms: [sealedAssertion.encryption],
      maxDecompressedLength: 0,
    })
    return decodeJsonBytes(plaintext)
  } catch (error) {
    // A point off the curve is refused by the runtime.
    if (error instanceof errors.JOSEError || error instanceof DOMException) return undefined
    throw error
  }
}

function findKey(keys: string, kid: string): Record<string, string> | undefined {
  const parsed = parseStrictJson(keys.trim(), maxJsonDepth)
  if (!parsed.ok) return undefined
  const { value } = parsed
  const listed = isJsonObject(value) && Array.isArray(value['keys']) ? value['keys'] : [value].flat()
  const found = listed.find((jwk) => isJsonObject(jwk) && jwk['kid'] === kid)
  if (!isJsonObject(found)) return undefined
  const { crv, x, y, d } = found
  return [crv, x, y, d].every((member) => typeof member === 'string')
    ? { kty: 'EC', crv: `${crv}`, x: `${x}`, y: `${y}`, d: `${d}` }
    : undefined
}
