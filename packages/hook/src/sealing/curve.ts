import { Buffer } from 'node:buffer'
import { decodeCanonical } from '@behalf/core/internal'

/** How many bytes a coordinate has. */
const coordinateBytes = 32
const prime = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

/** Says whether a member of a JWK is one coordinate of a point; not whether the point is on the curve. */
export function isCoordinate(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length < 2 * coordinateBytes &&
    decodeCanonical(value)?.length === coordinateBytes
  )
}

/**
 * Says whether two members of a JWK are a point of P-256. Runtimes find out as well, but each says so in its own way, and
 * only when a key is imported.
 *
 * @see https://www.secg.org/sec2-v2.pdf section 2.4.2
 */
export function isPoint(left: unknown, right: unknown): boolean {
  if (!isCoordinate(left) || !isCoordinate(right)) return false
  const [x, y] = [numberOf(left), numberOf(right)]
  return x < prime && y < prime && (y * y - (x * x * x - 3n * x + b)) % prime === 0n
}

function numberOf(coordinate: string): bigint {
  return BigInt(`0x${Buffer.from(coordinate, 'base64url').toString('hex')}`)
}
