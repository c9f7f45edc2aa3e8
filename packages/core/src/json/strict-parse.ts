import { fail, pass, type Result } from '../result.ts'
import { isJsonObject, type Json } from './json.ts'
import { endOfString } from './string-literal.ts'
import { readWellFormedJson } from './well-formed.ts'

/** Why a text was refused as JSON. */
export type JsonFault = 'malformed' | 'duplicate_member' | 'too_deep' | 'too_many_values'

/**
 * Parses JSON and refuses what `JSON.parse` forgives: a member named twice (two readers could disagree on
 * which counts), nesting beyond `maxDepth`, and what changes when it is written again (whole numbers beyond
 * what a double holds exactly, numbers beyond all bounds, halves of surrogate pairs). It refuses more than 2 500
 * values before any of them is read, because small ones cost a thousand times what they weigh. It does not limit the
 * length of the text.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-2.6
 * @see https://www.rfc-editor.org/rfc/rfc7493#section-2
 */
export function parseStrictJson(text: string, maxDepth: number): Result<Json, JsonFault> {
  const written = scan(text, maxDepth)
  if (typeof written === 'string') return fail(written)
  let value: Json
  try {
    value = JSON.parse(text)
    if (written.hasEscapedName) value = readWellFormedJson(text)
  } catch {
    return fail('malformed')
  }
  // Half of a surrogate pair is in the value because it is in the text, as such or as an escape.
  const members = text.isWellFormed()
    ? countMembers(value, written.hasEscape && text.includes('\\u'))
    : Number.NaN
  if (Number.isNaN(members)) return fail('malformed')
  return members === written.members ? pass(value) : fail('duplicate_member')
}

/** Tokens, events and key sets have some hundreds. */
const maxValues = 2_500

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** What a text has in it, as far as that can be seen without reading it. */
interface Written {
  readonly members: number
  readonly hasEscape: boolean
  readonly hasEscapedName: boolean
}

/**
 * Outside strings every colon belongs to one member, so a text with more colons than its value has members
 * named one of them twice. A value follows an opening bracket or a comma, so that counting these bounds the values.
 */
function scan(text: string, maxDepth: number): Written | 'too_deep' | 'too_many_values' {
  let members = 0
  let values = 1
  let depth = 0
  let stringStart = 0
  const firstEscape = text.indexOf('\\')
  let nextEscape = firstEscape
  let hasEscapedName = false
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote:
        stringStart = at
        at = endOfString(text, at)
        break
      case colon:
        members++
        if (nextEscape !== -1 && nextEscape < stringStart) nextEscape = text.indexOf('\\', stringStart)
        hasEscapedName ||= nextEscape !== -1 && nextEscape < at
        break
      case comma:
        if (++values > maxValues) return 'too_many_values'
        break
      case openBracket:
      case openBrace:
        if (++depth > maxDepth) return 'too_deep'
        if (++values > maxValues) return 'too_many_values'
        break
      case closeBracket:
      case closeBrace:
        depth--
        break
    }
  }
  return { members, hasEscape: firstEscape !== -1, hasEscapedName }
}

/**
 * Not a number when a number in the value is another one than was written: infinite, or a whole one beyond 2^53. Or, if
 * asked, when a text is not well-formed.
 */
function countMembers(value: Json, looksAtTexts: boolean): number {
  if (typeof value === 'number') return isAsWritten(value) ? 0 : Number.NaN
  if (typeof value === 'string') return looksAtTexts && !value.isWellFormed() ? Number.NaN : 0
  let members = 0
  if (isJsonObject(value)) {
    // Faster than Object.values. What an application has added to Object.prototype counts too: all is refused then.
    for (const name in value) {
      if (looksAtTexts && !name.isWellFormed()) return Number.NaN
      members += 1 + countMembers(value[name] ?? null, looksAtTexts)
    }
  } else if (Array.isArray(value)) {
    for (const item of value) members += countMembers(item, looksAtTexts)
  }
  return members
}

function isAsWritten(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
}
