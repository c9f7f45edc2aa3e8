import { escapeUnprintable } from '@behalf/core/internal'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bad, good, type Line, line, renderLine } from '../src/terminal/line.ts'
import { printable } from '../src/terminal/printable.ts'

/** Text that means to steer: escape sequences, C1, line ends, what reorders. */
const hostile = fc
  .array(
    fc.constantFrom(
      '\u001b[31m',
      '\u001b[39m',
      '\u001b]0;x\u0007',
      '\u009b2J',
      '\r',
      '\n',
      '\u202e',
      '\u2028',
      'ann',
    ),
  )
  .map((parts) => parts.join(''))
// biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours are looked for
const ownColours = /\u001b\[(?:32|39|31|2|22)m/g

describe('a line', () => {
  it('escapes what core calls unprintable, character by character', () => {
    for (let code = 0; code <= 0x10_ff_ff; code++) {
      const character = String.fromCodePoint(code)
      if (printable(character) !== escapeUnprintable(character)) expect(code).toBe('escaped alike')
    }
  })

  it('holds no escape sequence but the colours of its own spans, whatever the texts', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, fc.boolean(), (plain, name, problem, colours) => {
        const shown: Line = line`${good(name)} ${plain}: ${line`x${bad(problem)}`} ${7}`
        const rendered = renderLine(shown, colours)
        const bare = rendered.replaceAll(ownColours, '')
        expect(bare).not.toMatch(/[\p{Cc}\u2028-\u202e]/u)
        expect(rendered.match(ownColours) ?? []).toHaveLength(
          colours ? 4 - (name === '' ? 2 : 0) - (problem === '' ? 2 : 0) : 0,
        )
      }),
    )
  })

  it('of spans that were put into an ordinary template loses nothing but its look', () => {
    expect(renderLine(`${good('✓')} done`, true)).toBe('✓ done')
  })
})
