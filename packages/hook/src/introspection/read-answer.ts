import type { JsonObject, Result } from '@behalf/core'
import { fail, isJsonObject, parseStrictJson, pass } from '@behalf/core/internal'

const maxJsonDepth = 16
/** What an answer may repeat of the token that it is about. */
const repeated = ['iss', 'sub', 'jti', 'exp'] as const

/**
 * Reads whether a token is active. Only the very `true` is; an answer that is about another token than the one that was asked
 * about, or anything but an answer, says nothing.
 *
 * @param claims - of the token that was asked about
 * @returns why it is no answer, in words that are safe to log
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2
 */
export function readAnswer(text: string, claims: JsonObject): Result<'active' | 'inactive', string> {
  const parsed = parseStrictJson(text, maxJsonDepth)
  if (!parsed.ok || !isJsonObject(parsed.value)) return fail('answered something that is no JSON object')
  const answer = parsed.value
  if (answer['active'] === false) return pass('inactive')
  if (answer['active'] !== true) return fail('did not say whether the token is active')
  const other = repeated.find((name) => answer[name] !== undefined && answer[name] !== claims[name])
  return other === undefined ? pass('active') : fail(`answered about another token: its ${other} differs`)
}
