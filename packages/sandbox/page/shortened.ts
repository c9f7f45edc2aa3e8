/** Returns a text, or how it begins and how long it is: what comes from outside may be as long as it likes. */
export function shortened(text: string, maxCharacters = 2000): string {
  return text.length <= maxCharacters
    ? text
    : `${text.slice(0, maxCharacters)} … (${text.length} characters; this is how it begins)`
}
