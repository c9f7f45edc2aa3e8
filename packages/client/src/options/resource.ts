import { aName, type OptionRule } from '@behalf/core/internal'

/** The audience of an API, as the hook's configuration names it; ASCII, because the hook reads it from a URL. */
export const aResource: OptionRule = {
  expected: 'the audience of an API, 1 to 255 characters of visible ASCII',
  holds: (value) => aName.holds(value) && typeof value === 'string' && /^[\x21-\x7e]+$/.test(value),
}
