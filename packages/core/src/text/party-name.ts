import type { Json } from '../json/json.ts'
import { hasUnprintable } from './unprintable.ts'

const maxSubjectLength = 255

/**
 * Says whether a claim can name a party: a string of 1 to 255 characters without surrounding white space, control
 * characters, halves of surrogate pairs, or what turns the direction of the text around it.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
export function isPartyName(value: Json | undefined): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= maxSubjectLength &&
    value.trim() === value &&
    !hasUnprintable(value)
  )
}
