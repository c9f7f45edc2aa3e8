import { Buffer } from 'node:buffer'
import { isJsonObject, type JsonObject } from '../json/json.ts'
import { parseStrictJson } from '../json/strict-parse.ts'

/** A JWS in compact serialisation, taken apart and not yet verified. */
export interface CompactJws {
  readonly header: JsonObject
  readonly payload: JsonObject
  /** The bytes that the signature covers. */
  readonly signingInput: Buffer
  readonly signature: Buffer
}

/** Why a string was refused as a JWS that carries a JWT. */
export type CompactFault = 'too_large' | 'encrypted' | 'malformed'

/** The parts of a JWS, or why the string is none. */
export type CompactOutcome =
  | { readonly ok: true; readonly jws: CompactJws }
  | { readonly ok: false; readonly fault: CompactFault; readonly detail: string }

/** How deeply the objects of a header or payload may nest. */
const maxJsonDepth = 16

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Takes a compact JWS apart, strictly: three parts of canonical base64url, header and payload JSON objects
 * in UTF-8 without duplicate members. It does not verify the signature and does not judge any claim.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
export function parseCompactJws(token: string, maxBytes: number): CompactOutcome {
  if (token.length > maxBytes) return refuse('too_large', `it is longer than ${maxBytes} characters`)
  const firstDot = token.indexOf('.')
  const secondDot = token.indexOf('.', firstDot + 1)
  if (firstDot === -1 || secondDot === -1) return refuse('malformed', 'it has fewer than three parts')
  if (token.indexOf('.', secondDot + 1) !== -1) {
    return /^[\w-]*(\.[\w-]*){4}$/.test(token)
      ? refuse('encrypted', 'it has the five parts of a JWE')
      : refuse('malformed', 'it has more than three parts')
  }
  const header = decodeObject(token.slice(0, firstDot))
  if (header === undefined) return refuse('malformed', 'its header is not a base64url JSON object')
  const payload = decodeObject(token.slice(firstDot + 1, secondDot))
  if (payload === undefined) return refuse('malformed', 'its payload is not a base64url JSON object')
  const signature = decodeCanonical(token.slice(secondDot + 1))
  if (signature === undefined) return refuse('malformed', 'its signature is not base64url')
  return {
    ok: true,
    jws: { header, payload, signingInput: Buffer.from(token.slice(0, secondDot), 'latin1'), signature },
  }
}

function refuse(fault: CompactFault, detail: string): CompactOutcome {
  return { ok: false, fault, detail }
}

function decodeObject(part: string): JsonObject | undefined {
  const bytes = decodeCanonical(part)
  if (bytes === undefined) return undefined
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return undefined
  }
  const parsed = parseStrictJson(text, maxJsonDepth)
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : undefined
}

/** Decodes base64url and refuses every spelling but the one that the bytes encode to. */
function decodeCanonical(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : undefined
}
