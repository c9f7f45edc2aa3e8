import type { Json } from './json.ts'

/** The last second of the year 9999. */
const latest = 253_402_300_799

/**
 * Says whether a claim is a NumericDate that time arithmetic is safe with: whole seconds, not negative, up to
 * the year 9999. Fractions are refused, because rounding them would decide about validity.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-2
 */
export function isNumericDate(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= latest
}
