/** What nearly all names are made of, found in a fifth of the time. */
const printableAscii = /^[\x20-\x7e]*$/

/** Says whether a text holds a character that does not show, or that changes how what is around it shows. */
export function hasUnprintable(text: string): boolean {
  return !printableAscii.test(text) && everyUnprintable().test(text)
}

/** Shows the characters that do not show themselves as JSON escapes, so that a text from elsewhere is safe to print. */
export function escapeUnprintable(text: string): string {
  if (printableAscii.test(text)) return text
  return text.replace(everyUnprintable(), (character) => character.split('').map(escapeUnit).join(''))
}

/**
 * Finds controls, line separators, halves of surrogate pairs, and what formats text without showing: it turns the direction
 * of what is around it, breaks or joins words, or is a tag of its own. What joins characters is not among them, because
 * scripts and emoji need it. It is made when it is needed, because Unicode's tables take half a millisecond to read.
 */
function everyUnprintable(): RegExp {
  return /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
