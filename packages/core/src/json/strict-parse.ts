import { isJsonObject, type Json } from './json.ts'
import { endOfString } from './string-literal.ts'
import { readWellFormedJson } from './well-formed.ts'

/** Why a text was refused as JSON. */
export type JsonFault = 'malformed' | 'duplicate_member' | 'too_deep'

/** What a text holds, or why it was refused. */
export type JsonOutcome =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly fault: JsonFault }

/**
 * Parses JSON and refuses what `JSON.parse` forgives: a member named twice (two readers could disagree on
 * which counts), nesting beyond `maxDepth`, and what changes when it is written again (whole numbers beyond
 * what a double holds exactly, numbers beyond all bounds, halves of surrogate pairs). It does not limit the length of the text.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-2.6
 * @see https://www.rfc-editor.org/rfc/rfc7493#section-2
 */
export function parseStrictJson(text: string, maxDepth: number): JsonOutcome {
  const written = countWrittenMembers(text, maxDepth)
  if (written === undefined) return { ok: false, fault: 'too_deep' }
  let value: Json
  try {
    value = JSON.parse(text)
    if (text.includes('\\') && escapedName.test(text)) value = readWellFormedJson(text)
  } catch {
    return { ok: false, fault: 'malformed' }
  }
  const members = countMembers(value)
  // Half of a surrogate pair is in the value because it is in the text, as such or as an escape.
  const isText = text.isWellFormed() && (!text.includes('\\u') || isWellFormed(value))
  if (Number.isNaN(members) || !isText) return { ok: false, fault: 'malformed' }
  return members === written ? { ok: true, value } : { ok: false, fault: 'duplicate_member' }
}

/** The last escape of a member's name, up to the colon; finds some strings that are no names, but misses no name. */
const escapedName = /\\.[^"\\]*"\s*:/s

const quote = 0x22
const colon = 0x3a
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/**
 * Outside strings every colon belongs to one member, so a text with more colons than its value has members
 * named one of them twice. Undefined when the nesting is deeper than `maxDepth`.
 */
function countWrittenMembers(text: string, maxDepth: number): number | undefined {
  let members = 0
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = endOfString(text, at)
        break
      case colon:
        members++
        break
      case openBracket:
      case openBrace:
        if (++depth > maxDepth) return undefined
        break
      case closeBracket:
      case closeBrace:
        depth--
        break
    }
  }
  return members
}

/** Not a number when a number in the value is another one than was written: infinite, or a whole one beyond 2^53. */
function countMembers(value: Json): number {
  if (typeof value === 'number') return isAsWritten(value) ? 0 : Number.NaN
  let members = 0
  if (isJsonObject(value)) {
    // Faster than Object.values. What an application has added to Object.prototype counts too: all is refused then.
    for (const name in value) members += 1 + countMembers(value[name] ?? null)
  } else if (Array.isArray(value)) {
    for (const item of value) members += countMembers(item)
  }
  return members
}

function isAsWritten(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
}

function isWellFormed(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isWellFormed)
  return Object.entries(value).every(([name, member]) => name.isWellFormed() && isWellFormed(member))
}
