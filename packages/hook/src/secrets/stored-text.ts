import { isJsonObject, parseStrictJson } from '@behalf/core/internal'

/** Takes the line breaks from the end of a text, which editors and `echo` put there and which are no part of a secret. */
export function withoutLineEnd(text: string): string {
  return text.replace(/[\r\n]+$/, '')
}

/**
 * Reads what a store of secrets holds under one name: one secret as it is, or several as a JSON array or as
 * `{ "current": …, "previous": … }`. A text is never taken apart otherwise, because a generated secret may hold any
 * character. Other JSON is handed on as it is, to be refused for what it is.
 */
export function secretsIn(text: string): readonly string[] {
  const whole = withoutLineEnd(text)
  const parsed = /^[[{]/.test(whole) ? parseStrictJson(whole, 2) : undefined
  if (parsed?.ok !== true) return [whole]
  const { value } = parsed
  if (isJsonObject(value)) {
    const { current, previous = current, ...others } = value
    const both = [current, previous]
    return Object.keys(others).length === 0 && areStrings(both) ? both : [whole]
  }
  return Array.isArray(value) && areStrings(value) ? value : [whole]
}

function areStrings(values: readonly unknown[]): values is readonly string[] {
  return values.every((value) => typeof value === 'string')
}
