import { Buffer } from 'node:buffer'
import type { JsonObject } from '../json/json.ts'
import { fail, pass, type Result } from '../result.ts'
import { decodeCanonical, decodeJsonPart, type JsonPartDecoder } from './json-part.ts'

/** A JWS in compact serialisation, taken apart and not yet verified. */
export interface CompactJws {
  readonly header: JsonObject
  readonly payload: JsonObject
  /** The bytes that the signature covers. */
  readonly signingInput: Buffer
  readonly signature: Buffer
}

/** Why a string was refused as a JWS that carries a JWT. */
export interface CompactFault {
  readonly code: 'too_large' | 'encrypted' | 'malformed'
  /** What exactly was wrong, in words that are safe to log. */
  readonly detail: string
}

/**
 * Takes a compact JWS apart, strictly: three parts of canonical base64url, header and payload JSON objects
 * in UTF-8 without duplicate members. It does not verify the signature and does not judge any claim.
 *
 * @param decodeHeader - another decoder of the header, such as one that remembers
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
export function parseCompactJws(
  token: string,
  maxBytes: number,
  decodeHeader: JsonPartDecoder = decodeJsonPart,
): Result<CompactJws, CompactFault> {
  if (token.length > maxBytes) return refuse('too_large', `it is longer than ${maxBytes} characters`)
  const firstDot = token.indexOf('.')
  const secondDot = token.indexOf('.', firstDot + 1)
  if (firstDot === -1 || secondDot === -1) return refuse('malformed', 'it has fewer than three parts')
  if (token.indexOf('.', secondDot + 1) !== -1) {
    return /^[\w-]*(\.[\w-]*){4}$/.test(token)
      ? refuse('encrypted', 'it has the five parts of a JWE')
      : refuse('malformed', 'it has more than three parts')
  }
  const header = decodeHeader(token.slice(0, firstDot))
  if (header === undefined) return refuse('malformed', 'its header is not a base64url JSON object')
  const payload = decodeJsonPart(token.slice(firstDot + 1, secondDot))
  if (payload === undefined) return refuse('malformed', 'its payload is not a base64url JSON object')
  const signature = decodeCanonical(token.slice(secondDot + 1))
  if (signature === undefined) return refuse('malformed', 'its signature is not base64url')
  const signingInput = Buffer.from(token.slice(0, secondDot), 'latin1')
  return pass({ header, payload, signingInput, signature })
}

function refuse(code: CompactFault['code'], detail: string): Result<never, CompactFault> {
  return fail({ code, detail })
}
