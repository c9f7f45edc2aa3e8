import type { JsonObject } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import { memberAt, textAt } from '../okta/members.ts'

/**
 * Returns the mark of an installation: what tells apart what it has made from what administrators and other installations
 * have made. It goes where Okta keeps free text: the description of scopes and policies, the profile of apps, a static
 * header of hooks, the name of hook keys. Rules have no such place; those of a marked policy are known by their name.
 *
 * @param installation - the name of its hook
 */
export function markOf(installation: string): string {
  return `Made by behalf provision for ${installation}`
}

const anyMark = /^Made by behalf provision for (.+)$/s

/** The static header that marks a hook. Okta sends it with each call, and shows it again. */
export const markHeader = 'X-Made-By'

/** Returns the header that marks a hook; names are escaped, since headers are ASCII. */
export function markHeaderOf(installation: string): { readonly key: string; readonly value: string } {
  return { key: markHeader, value: encodeURI(markOf(installation)).replaceAll('%20', ' ') }
}

/** Returns the static headers of a hook. */
export function headersOf(hook: JsonObject): readonly JsonObject[] {
  const headers = memberAt(hook, 'channel', 'config', 'headers')
  return Array.isArray(headers) ? headers.filter(isJsonObject) : []
}

/** Says whether an installation has made a hook. */
export function bearsMark(hook: JsonObject, installation: string): boolean {
  const { key, value } = markHeaderOf(installation)
  return headersOf(hook).some(
    (header) =>
      textAt(header, 'key').toLowerCase() === key.toLowerCase() && textAt(header, 'value') === value,
  )
}

/** Says who has made something, as far as its mark says. */
export function makerOf(text: string): string {
  const [, installation] = anyMark.exec(text) ?? []
  return installation === undefined
    ? 'somebody else has made it'
    : `the installation '${installation}' has made it`
}

/** Says who has made a hook, as far as its mark says. */
export function makerOfHook(hook: JsonObject): string {
  const marks = headersOf(hook).filter(
    (header) => textAt(header, 'key').toLowerCase() === markHeader.toLowerCase(),
  )
  return makerOf(decode(textAt(marks[0] ?? {}, 'value')))
}

/** Returns the name of the key with which Okta authenticates for a hook: the name is all that a key has. */
export function hookKeyName(installation: string): string {
  return `${installation} key, made by behalf provision`
}

function decode(text: string): string {
  try {
    return decodeURI(text)
  } catch {
    return text
  }
}
