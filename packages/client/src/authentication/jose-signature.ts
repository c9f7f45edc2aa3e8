import { Buffer } from 'node:buffer'
import type { SignatureAlgorithm } from '@behalf/core'
import { algorithms } from '@behalf/core/internal'

/**
 * Returns a signature as JWS has it: R and S side by side where it was made by ECDSA, also when it comes as the DER of X9.62.
 * Undefined when it is no signature of the algorithm.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.4
 */
export function joseSignature(algorithm: SignatureAlgorithm, made: unknown): Uint8Array | undefined {
  if (!(made instanceof Uint8Array) || made.length === 0) return undefined
  const { signatureBytes, keyType } = algorithms[algorithm]
  if (signatureBytes === undefined || made.length === signatureBytes) return made
  return keyType === 'EC' ? readDer(made, signatureBytes / 2) : undefined
}

/** SEQUENCE { r INTEGER, s INTEGER }, and nothing else. */
function readDer(der: Uint8Array, width: number): Uint8Array | undefined {
  const sequence = readElement(der, 0x30)
  const r = sequence && readElement(sequence.content, 0x02)
  const s = r && readElement(r.rest, 0x02)
  if (sequence?.rest.length !== 0 || s?.rest.length !== 0) return undefined
  const numbers = [r?.content, s.content].map((number) => padded(number, width))
  const [left, right] = numbers
  return left === undefined || right === undefined ? undefined : Buffer.concat([left, right])
}

interface Element {
  readonly content: Uint8Array
  readonly rest: Uint8Array
}

function readElement(bytes: Uint8Array, tag: number): Element | undefined {
  const [found, first = 0x80, second = 0] = bytes
  const isLong = first === 0x81
  const length = isLong ? second : first
  const start = isLong ? 3 : 2
  if (found !== tag || (first > 0x7f && !isLong) || start + length > bytes.length) return undefined
  return { content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) }
}

/** A DER integer has a zero in front where its first bit is set, and none of its other leading zeros. */
function padded(number: Uint8Array | undefined, width: number): Uint8Array | undefined {
  const digits = number?.[0] === 0 ? number.subarray(1) : number
  if (digits === undefined || digits.length === 0 || digits.length > width) return undefined
  return Buffer.concat([Buffer.alloc(width - digits.length), digits])
}
