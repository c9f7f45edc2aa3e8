import { Buffer } from 'node:buffer'
import { timingSafeEqual } from 'node:crypto'

/** The longest secret; every comparison takes the time that one of this length takes. */
const maxLength = 512

/**
 * Whether a text can be a secret: up to 512 characters of visible ASCII without surrounding spaces, because
 * that is what arrives of a header unchanged.
 */
export function isUsableSecret(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxLength && /^[!-~]([ -~]*[!-~])?$/.test(value)
}

/** A text at the width of every other, so that neither length nor place of a difference shows in the time. */
export class ComparableText {
  readonly #length: number
  readonly #bytes: Buffer

  constructor(text: string) {
    this.#length = text.length
    // Taken from Node's pool: a buffer of its own costs more than the comparison.
    this.#bytes = Buffer.allocUnsafe(maxLength).fill(0)
    this.#bytes.write(text)
  }

  /** Whether both texts are the same; one of them must be a usable secret. */
  equals(other: ComparableText): boolean {
    return timingSafeEqual(this.#bytes, other.#bytes) && this.#length === other.#length
  }
}
