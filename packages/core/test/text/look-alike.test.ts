import { expect, it } from 'vitest'
import { lookOf } from '../../src/text/look-alike.ts'

it.each(['Partner|', '\u200bpartner|', 'part\u00adner|', 'ｐartner｜', 'pártner|', ' partner |'])(
  '%j looks like another name',
  (name) => {
    expect(lookOf(name)).toBe('partner|')
  },
)

it.each(['partner', 'partner-', 'artner|'])('%j does not', (name) => {
  expect(lookOf(name)).not.toBe('partner|')
})
