import { Buffer } from 'node:buffer'
import { isJsonObject, type JsonObject } from '../json/json.ts'
import { parseStrictJson } from '../json/strict-parse.ts'

/** Decodes a header or payload; undefined when it is not a JSON object in canonical base64url. */
export type JsonPartDecoder = (part: string) => JsonObject | undefined

/** How deeply the objects of a header or payload may nest. */
const maxJsonDepth = 16

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Decodes a JSON object in UTF-8 without duplicate members. */
export const decodeJsonPart: JsonPartDecoder = (part) => {
  const bytes = decodeCanonical(part)
  return bytes === undefined ? undefined : decodeJsonBytes(bytes)
}

/** Reads bytes as {@link decodeJsonPart} reads a part; undefined when they are no JSON object. */
export function decodeJsonBytes(bytes: Uint8Array): JsonObject | undefined {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return undefined
  }
  const parsed = parseStrictJson(text, maxJsonDepth)
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : undefined
}

/**
 * Makes a decoder that remembers the last part, for headers: an issuer puts the same one on every token that
 * it signs with one key. What it decodes is frozen, because the tokens share it.
 */
export function createHeaderDecoder(): JsonPartDecoder {
  let last: { readonly part: string; readonly header: JsonObject } | undefined
  return (part) => {
    if (part === last?.part) return last.header
    const header = decodeJsonPart(part)
    // The part is copied: as a slice it would keep the whole token in memory.
    if (header !== undefined) last = { part: Buffer.from(part).toString(), header: Object.freeze(header) }
    return header
  }
}

/** Decodes base64url and refuses every spelling but the one that the bytes encode to. */
export function decodeCanonical(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : undefined
}
