import { Buffer } from 'node:buffer'
import { timingSafeEqual } from 'node:crypto'

/** The shortest secret: 16 characters that somebody has drawn at random cannot be guessed. */
const minLength = 16
/** The longest secret; every comparison takes the time that one of this length takes. */
const maxLength = 512

/**
 * Says why a text is no secret, or undefined when it is one: 16 to 512 characters of visible ASCII, and spaces between
 * them, because that is what arrives of a header unchanged. What was written around a secret by a slip is told apart: it
 * would be taken for a part of it, and Okta would be denied. It does not judge how well a secret was drawn.
 *
 * @example
 * ```ts
 * import { whySecretUnusable } from '@behalf/hook'
 *
 * console.log(whySecretUnusable('"7,kQ0-secret-0123456789"')) // is in quotes; write what stands between them
 * ```
 */
export function whySecretUnusable(text: string): string | undefined {
  if (/[\r\n]$/.test(text)) return 'must not end with a line break; trim it'
  if (/^\ufeff/.test(text)) return 'begins with a byte order mark; save it without one'
  if (/^\s*(\\?["'`]).*\1\s*$/s.test(text) || isInTypographicQuotes(text.trim()))
    return 'is in quotes; write what stands between them'
  if (isJson(text)) return 'is JSON; write the secret alone'
  if (unreplaced.test(text.toLowerCase())) return 'is a reference that nobody has replaced by the secret'
  if (text.length > maxLength || !/^([!-~]([ -~]*[!-~])?)?$/.test(text))
    return `must be visible ASCII without surrounding spaces, up to ${maxLength} characters`
  return text.length < minLength ? `must have at least ${minLength} characters` : undefined
}

/** What shells, templates and Azure put a secret in place of, and leave as it is when they do not find it. */
const unreplaced = /^\s*(\$\{.*\}|\$\(.*\)|\{\{.*\}\}|@microsoft\.keyvault\(.*\))\s*$/s

/** In strings, because bundlers escape those only, and a source that is not ASCII takes twice the memory. */
function isInTypographicQuotes(text: string): boolean {
  return text.length > 1 && '“”„«»‘’‚'.includes(text.charAt(0)) && '“”«»‘’'.includes(text.slice(-1))
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
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
