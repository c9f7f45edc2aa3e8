import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { isPartyName } from '../../src/text/party-name.ts'

describe('isPartyName', () => {
  it.each([
    'a',
    'ann@example.com',
    '0oaApiA',
    'Ärzte ohne Grenzen',
    '用户',
    '😀',
    'a b',
    '__proto__',
    'x'.repeat(255),
  ])('takes %j', (value) => {
    expect(isPartyName(value)).toBe(true)
  })

  it.each([
    '',
    ' ',
    'x'.repeat(256),
    ' a',
    'a ',
    '\ta',
    'a\n',
    'a\nb',
    'a\0b',
    'a\u001bb',
    'a\u007fb',
    'a\u0085b',
    'a\u2028b',
    'a\u2029b',
    '\ufeffa',
    '\u00a0a',
    'a\ufeffb',
    '\ud800',
    'a\udc00b',
    null,
    undefined,
    0,
    1,
    true,
    ['a'],
    { sub: 'a' },
  ])('refuses %j', (value) => {
    expect(isPartyName(value)).toBe(false)
  })

  test('takes nothing that breaks a line of a log', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (value) => {
        if (isPartyName(value)) expect(value).toMatch(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u)
      }),
      { numRuns: 300 },
    )
  })
})
