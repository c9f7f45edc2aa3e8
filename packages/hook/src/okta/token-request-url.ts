import { Buffer } from 'node:buffer'
import { escapedByte, isAssertion, resemblesAssertion } from './parameter-name.ts'

/** What the URL of a token request says about an assertion. */
export type PresentedAssertion =
  | { readonly kind: 'one'; readonly value: string }
  | { readonly kind: 'none' }
  /** The name stands there in a spelling that is not a parameter of this name; what was meant is unclear. */
  | { readonly kind: 'misspelt' }
  | { readonly kind: 'several' }
  | { readonly kind: 'undecodable' }
  | { readonly kind: 'too many parameters' }

/** The longest URL of a token request that is read: twice the largest assertion that can be configured. */
export const maxUrlLength = 262_144
/** The longest part before the query; the largest that a request line takes at Okta, and far beyond any real one. */
const maxAddressLength = 8_192
/** More than what fits into a request line of 8 KB, which is what Okta takes. */
export const maxParameters = 4_096

/** Returns the path of a token request, or undefined when the URL is none that Okta would send. */
export function tokenRequestPath(url: string): string | undefined {
  if (url.length > maxUrlLength) return undefined
  // Parsers drop or rewrite what is not visible ASCII; what they would change is refused instead.
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(url) || url.includes('\\')) return undefined
  // Query and fragment, which are long here, can no longer make a difference.
  const end = url.search(/[?#]/)
  const address = end === -1 ? url : url.slice(0, end)
  if (address.length > maxAddressLength) return undefined
  const parsed = URL.parse(address)
  return parsed?.username === '' && parsed.password === '' ? parsed.pathname : undefined
}

/**
 * Finds the parameter `assertion` in the query of a URL. Names are compared after decoding, so that encoded
 * spellings count as the same name; other spellings (`Assertion`, `assertion[]`) and other places (behind a
 * semicolon, in the fragment) do not count, but are told apart from none at all.
 *
 * It goes over the URL once, throws at nothing and never goes back, because whoever may ask Okta for a token chooses
 * every character of the query.
 *
 * @param url - one that has a {@link tokenRequestPath}
 */
export function findAssertion(url: string): PresentedAssertion {
  const fragmentStart = url.indexOf('#')
  const queryEnd = fragmentStart === -1 ? url.length : fragmentStart
  const queryStart = url.indexOf('?')
  const parameters =
    queryStart === -1 || queryStart > queryEnd
      ? []
      : url.slice(queryStart + 1, queryEnd).split('&', maxParameters + 1)
  if (parameters.length > maxParameters) return { kind: 'too many parameters' }
  const values: string[] = []
  let misspelt = false
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=')
    const name = equals === -1 ? parameter : parameter.slice(0, equals)
    if (isAssertion(name)) values.push(equals === -1 ? '' : parameter.slice(equals + 1))
    else misspelt ||= resemblesAssertion(Buffer.from(name, 'latin1'), 0, name.length)
  }
  const [value] = values
  if (values.length > 1 || (values.length === 1 && misspelt)) return { kind: 'several' }
  if (value === undefined) return { kind: misspelt || isMentioned(url) ? 'misspelt' : 'none' }
  const decoded = decodeAscii(value)
  return decoded === undefined ? { kind: 'undecodable' } : { kind: 'one', value: decoded }
}

const separators: ReadonlySet<number | undefined> = new Set(Buffer.from('?#&;'))
const equalsSign = 0x3d

/** Whether the name stands behind anything that somebody could take for the beginning of a parameter. */
function isMentioned(url: string): boolean {
  const bytes = Buffer.from(url, 'latin1')
  let start: number | undefined
  for (let at = 0; at <= bytes.length; at++) {
    const separates = separators.has(bytes[at])
    if (!separates && bytes[at] !== equalsSign && at < bytes.length) continue
    if (start !== undefined && resemblesAssertion(bytes, start, at)) return true
    start = separates ? at + 1 : undefined
  }
  return false
}

const percent = 0x25
const plus = 0x2b
const space = 0x20
const lastOfAscii = 0x7e

/**
 * Decodes a form-encoded value; undefined when its percent encoding is broken, or when it holds more than the ASCII
 * that every token consists of.
 */
function decodeAscii(text: string): string | undefined {
  if (!text.includes('%') && !text.includes('+')) return text
  const bytes = Buffer.allocUnsafe(text.length)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const byte =
      code === percent
        ? escapedByte(text.charCodeAt(at + 1), text.charCodeAt(at + 2))
        : code === plus
          ? space
          : code
    if (byte === -1 || byte > lastOfAscii) return undefined
    bytes[length++] = byte
    if (code === percent) at += 2
  }
  return bytes.toString('latin1', 0, length)
}
