import type { Json } from '../json/json.ts'

const maxSubjectLength = 255

/**
 * Whether a claim can name a party: a string of 1 to 255 characters without control characters, lone
 * surrogates, surrounding white space, or what turns the direction of the text around it.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
export function isPartyName(value: Json | undefined): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= maxSubjectLength &&
    value.trim() === value &&
    value.isWellFormed() &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    !/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/.test(value)
  )
}
