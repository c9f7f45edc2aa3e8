import type { JsonObject } from '@behalf/core'
import { decodeJsonPart, sealedAssertion } from '@behalf/core/internal'

/** What a text is, as far as it says itself. */
export type TextKind = 'bare' | 'sealed' | 'encrypted otherwise'

/** Longer than the header of any seal, whose kid may be 256 characters that JSON spells in six bytes each. */
const maxHeaderLength = 2_560

/** Tells a sealed assertion from a bare one and from other encrypted tokens; it opens nothing. */
export function kindOf(text: string): TextKind {
  if (!hasFiveParts(text)) return 'bare'
  return headerOf(text)?.['typ'] === sealedAssertion.type ? 'sealed' : 'encrypted otherwise'
}

/** Reads the header of a text in five parts; undefined when it is no JSON object, or longer than that of any seal. */
export function headerOf(text: string): JsonObject | undefined {
  const end = text.indexOf('.')
  return end > maxHeaderLength ? undefined : decodeJsonPart(text.slice(0, end))
}

function hasFiveParts(text: string): boolean {
  let dots = 0
  for (let at = text.indexOf('.'); at !== -1 && dots < 5; at = text.indexOf('.', at + 1)) dots++
  return dots === 4 && /^[\w.-]*$/.test(text)
}
