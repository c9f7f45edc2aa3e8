import type { JsonObject } from '@behalf/core'
import { decodeJsonPart, isJsonObject, parseStrictJson, sealedAssertion } from '@behalf/core/internal'
import { textAt } from '../okta/members.ts'

/** Longer than the header of any seal. */
const maxHeaderLength = 1_024
const maxJsonDepth = 32

/** Returns the header of a sealed assertion; undefined when the text is none. Nothing is opened. */
export function sealHeaderOf(text: string): JsonObject | undefined {
  const [first = '', ...others] = text.split('.', 6)
  if (others.length !== 4 || first.length > maxHeaderLength) return undefined
  const header = decodeJsonPart(first)
  return header?.['typ'] === sealedAssertion.type ? header : undefined
}

/** Returns the header of the sealed assertion in the body of a hook request; undefined when there is none. */
export function sealHeaderIn(body: string): JsonObject | undefined {
  const parsed = parseStrictJson(body, maxJsonDepth)
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined
  const url = URL.parse(textAt(parsed.value, 'data', 'context', 'request', 'url', 'value'))
  const texts = url?.searchParams.getAll('assertion') ?? []
  return texts.map(sealHeaderOf).find((header) => header !== undefined)
}
