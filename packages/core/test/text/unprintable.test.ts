import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { escapeUnprintable, hasUnprintable } from '../../src/text/unprintable.ts'

it.each([
  ['a control character', '\u001b[31m', '\\u001b[31m'],
  ['one of the second set', 'a\u009bb', 'a\\u009bb'],
  ['a line separator', 'a\u2028b', 'a\\u2028b'],
  ['what turns the direction', 'a\u202eb', 'a\\u202eb'],
  ['an isolate', '\u2066a', '\\u2066a'],
  ['a byte order mark', '\ufeffa', '\\ufeffa'],
  ['a space without width', 'ad\u200bmin', 'ad\\u200bmin'],
  ['a soft hyphen', 'ad\u00admin', 'ad\\u00admin'],
  ['a word joiner', 'a\u2060b', 'a\\u2060b'],
  ['a deprecated format', 'a\u206eb', 'a\\u206eb'],
  ['an annotation', 'a\ufff9b', 'a\\ufff9b'],
  ['a tag', 'a\u{e0041}', 'a\\udb40\\udc41'],
  ['half of a pair', 'a\ud800', 'a\\ud800'],
])('%s is no character to print', (_what, text, escaped) => {
  expect(hasUnprintable(text)).toBe(true)
  expect(escapeUnprintable(text)).toBe(escaped)
})

it.each(['', 'ann@example.com', 'Ärzte ohne Grenzen', '用户', '👩‍👩‍👧', 'می‌خواهم', 'a b'])(
  '%j stays as it is',
  (text) => {
    expect(hasUnprintable(text)).toBe(false)
    expect(escapeUnprintable(text)).toBe(text)
  },
)

test('what is escaped holds nothing that is to be escaped, and JSON reads it as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
      const escaped = escapeUnprintable(JSON.stringify(text))
      expect(hasUnprintable(escaped)).toBe(false)
      expect(JSON.parse(escaped)).toBe(text)
    }),
  )
})
