import { Buffer } from 'node:buffer'
import type { JsonObject } from '../json/json.ts'
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
export type CompactFault = 'too_large' | 'encrypted' | 'malformed'

/** The parts of a JWS, or why the string is none. */
export type CompactOutcome =
  | { readonly ok: true; readonly jws: CompactJws }
  | { readonly ok: false; readonly fault: CompactFault; readonly detail: string }

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
): CompactOutcome {
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
  return {
    ok: true,
    jws: { header, payload, signingInput: Buffer.from(token.slice(0, secondDot), 'latin1'), signature },
  }
}

function refuse(fault: CompactFault, detail: string): CompactOutcome {
  return { ok: false, fault, detail }
}
