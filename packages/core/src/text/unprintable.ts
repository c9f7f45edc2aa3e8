/**
 * Controls, line separators, what turns the direction of the text around it, byte order marks and halves of surrogate
 * pairs. What joins characters is not among them, because scripts and emoji need it.
 */
const unprintable = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u
const everyUnprintable = new RegExp(unprintable, 'gu')

/** Whether a text holds a character that does not show, or that changes how what is around it shows. */
export function hasUnprintable(text: string): boolean {
  return unprintable.test(text)
}

/** Shows the characters that do not show themselves as JSON escapes, so that a text from elsewhere is safe to print. */
export function escapeUnprintable(text: string): string {
  return text.replace(
    everyUnprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
