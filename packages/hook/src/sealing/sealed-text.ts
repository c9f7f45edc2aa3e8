import { decodeJsonPart, sealedAssertion } from '@behalf/core/internal'
import type { SealedText } from './sealing.ts'

/** Longer than the header of any seal, whose kid may be 256 characters that JSON spells in six bytes each. */
const maxHeaderLength = 2_560

/** Tells a sealed assertion from a bare one and from other encrypted tokens; it opens nothing. */
export function readText(text: string): 'bare' | 'encrypted otherwise' | SealedText {
  if (!hasFiveParts(text)) return 'bare'
  const end = text.indexOf('.')
  const header = end > maxHeaderLength ? undefined : decodeJsonPart(text.slice(0, end))
  return header?.['typ'] === sealedAssertion.type ? { text, header } : 'encrypted otherwise'
}

function hasFiveParts(text: string): boolean {
  let dots = 0
  for (let at = text.indexOf('.'); at !== -1 && dots < 5; at = text.indexOf('.', at + 1)) dots++
  return dots === 4 && /^[\w.-]*$/.test(text)
}
