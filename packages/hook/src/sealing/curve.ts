import { Buffer } from 'node:buffer'
import { decodeCanonical } from '@behalf/core/internal'

/** How many bytes a coordinate has. */
const coordinateBytes = 32
const prime = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

/** Reads a member of a JWK that is one coordinate of a point; it does not judge whether the point is on the curve. */
export function coordinateOf(value: unknown): Buffer | undefined {
  if (typeof value !== 'string' || value.length >= 2 * coordinateBytes) return undefined
  const bytes = decodeCanonical(value)
  return bytes?.length === coordinateBytes ? bytes : undefined
}

/**
 * Reads two members of a JWK that are a point of P-256, as the uncompressed point that key agreement takes. Runtimes find out
 * as well whether it is on the curve, but each says so in its own way, and only when keys are agreed on.
 *
 * @see https://www.secg.org/sec1-v2.pdf section 2.3.3
 * @see https://www.secg.org/sec2-v2.pdf section 2.4.2
 */
export function pointOf(left: unknown, right: unknown): Buffer | undefined {
  const [x, y] = [coordinateOf(left), coordinateOf(right)]
  if (x === undefined || y === undefined || !isOnCurve(numberOf(x), numberOf(y))) return undefined
  return Buffer.concat([Buffer.of(4), x, y])
}

function isOnCurve(x: bigint, y: bigint): boolean {
  return x < prime && y < prime && (y * y - (x * x * x - 3n * x + b)) % prime === 0n
}

function numberOf(coordinate: Buffer): bigint {
  return BigInt(`0x${coordinate.toString('hex')}`)
}
