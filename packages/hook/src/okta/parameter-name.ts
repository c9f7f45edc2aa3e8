import { Buffer } from 'node:buffer'

const letters = Buffer.from('assertion')
const percent = 0x25
const plus = 0x2b
const dot = 0x2e
const equalsSign = 0x3d
const openBracket = 0x5b
/** How often a name is decoded to see what somebody may have meant by it: once more than Okta does, and twice more. */
const maxDecodings = 4

/** Says whether the name of a parameter is `assertion`, in clear or in the encoding of forms. */
export function isAssertion(name: string): boolean {
  if (name.length === letters.length) return name === 'assertion'
  if (name.length > 3 * letters.length || !name.includes('%')) return false
  const bytes = Buffer.from(name, 'latin1')
  return letters.equals(bytes.subarray(0, undoEscapes(bytes, 0, bytes.length)))
}

/**
 * Says whether a name could be meant for `assertion`: in other letters, between blanks, before a bracket or a dot, encoded
 * several times. Decodes the bytes in place.
 */
export function resemblesAssertion(bytes: Buffer, start: number, end: number): boolean {
  let decodedEnd = end
  for (let decodings = 0; decodedEnd - start >= letters.length; decodings++) {
    if (spellsAssertion(bytes, start, decodedEnd)) return true
    const encodedEnd = decodedEnd
    decodedEnd = undoEscapes(bytes, start, encodedEnd)
    if (decodedEnd === encodedEnd || decodings === maxDecodings) return false
  }
  return false
}

function spellsAssertion(bytes: Buffer, start: number, end: number): boolean {
  let at = skipBlanks(bytes, start, end)
  if (end - at < letters.length) return false
  for (const letter of letters) if (((bytes[at++] ?? 0) | 0x20) !== letter) return false
  at = skipBlanks(bytes, at, end)
  // An equals sign is one that was encoded together with the name.
  return at === end || bytes[at] === openBracket || bytes[at] === dot || bytes[at] === equalsSign
}

/** Blanks, control characters, and everything beyond ASCII, where more of both are. */
function skipBlanks(bytes: Buffer, start: number, end: number): number {
  let at = start
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte > 0x20 && byte < 0x7f && byte !== plus) break
  }
  return at
}

/** Replaces the percent escapes by what they stand for and leaves broken ones as they are; returns the new end. */
function undoEscapes(bytes: Buffer, start: number, end: number): number {
  let to = start
  for (let from = start; from < end; from++) {
    const byte = bytes[from] ?? 0
    const escaped = byte === percent && from + 2 < end ? escapedByte(bytes[from + 1], bytes[from + 2]) : -1
    bytes[to++] = escaped === -1 ? byte : escaped
    if (escaped !== -1) from += 2
  }
  return to
}

/** Says what two hexadecimal digits stand for; -1 when they are none. */
export function escapedByte(high: number | undefined, low: number | undefined): number {
  const [upper, lower] = [hexDigit(high), hexDigit(low)]
  return upper === -1 || lower === -1 ? -1 : upper * 16 + lower
}

function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
