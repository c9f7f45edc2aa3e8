import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { combineNeeds, parseNeeds, readNeeds, writeNeeds } from '../../src/step-up/needs.ts'

const all = { acrValues: ['urn:okta:loa:2fa:any', 'phr'], maxAgeSeconds: 900, scopes: ['transfers:write'] }
const written = 'acr_values=urn:okta:loa:2fa:any phr; max_age=900; scope=transfers:write'

describe('readNeeds', () => {
  it.each([
    [all],
    [{ acrValues: ['1'] }],
    [{ maxAgeSeconds: 1 }],
    [{ scopes: ['https://a.example/.default'] }],
  ])('reads %j', (needs) => expect(readNeeds(needs)).toStrictEqual(needs))

  it('names each once', () => {
    expect(readNeeds({ acrValues: ['a', 'b', 'a'] })).toStrictEqual({ acrValues: ['a', 'b'] })
  })

  it.each<[unknown]>([
    [undefined],
    [null],
    ['acr_values=phr'],
    [[]],
    [{}],
    [{ acrValues: undefined }],
    [{ acrValues: [] }],
    [{ acrValues: 'phr' }],
    [{ acrValues: [1] }],
    [{ acrValues: [''] }],
    [{ acrValues: ['a b'] }],
    [{ acrValues: ['a"b'] }],
    [{ acrValues: ['a\\b'] }],
    [{ acrValues: ['a\r\nset-cookie: x'] }],
    [{ acrValues: ['a\n'] }],
    [{ acrValues: ['a;b'] }],
    [{ acrValues: ['a,b'] }],
    [{ acrValues: ['a)'] }],
    [{ acrValues: ['é'] }],
    [{ acrValues: ['x'.repeat(101)] }],
    [{ acrValues: Array.from({ length: 9 }, (_, index) => `a${index}`) }],
    [{ acrValues: Array.from({ length: 7 }, (_, index) => `${index}`.padEnd(100, 'x')) }],
    [{ scopes: ['a b'] }],
    [{ scopes: ['"'] }],
    [{ maxAgeSeconds: 0 }],
    [{ maxAgeSeconds: -1 }],
    [{ maxAgeSeconds: 1.5 }],
    [{ maxAgeSeconds: '900' }],
    [{ maxAgeSeconds: Number.NaN }],
    [{ maxAgeSeconds: 31_536_001 }],
    [{ ...all, amrValues: ['mfa'] }],
    [{ ...all, scopes: ['a b'] }],
  ])('does not read %j', (needs) => expect(readNeeds(needs)).toBeUndefined())
})

describe('what is written', () => {
  test('has one form, and is read', () => {
    expect(writeNeeds(all)).toBe(written)
    expect(parseNeeds(written)).toStrictEqual(all)
  })

  test.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['no value', 'acr_values='],
    ['no name', '=phr'],
    ['another order', 'max_age=900; acr_values=phr'],
    ['a member twice', 'max_age=900; max_age=60'],
    ['a leading zero', 'max_age=0900'],
    ['another spelling of the number', 'max_age=9e2'],
    ['a sign', 'max_age=+900'],
    ['two blanks', 'acr_values=a  b'],
    ['a value twice', 'acr_values=a a'],
    ['another separator', 'acr_values=a;max_age=900'],
    ['an unknown member', `${written}; amr_values=mfa`],
    ['a prototype’s member', '__proto__=a'],
    ['a quote', 'acr_values=a"b'],
    ['a header', 'acr_values=a\r\nset-cookie: x'],
    ['something behind it', `${written} `],
    ['too much', `scope=${'x'.repeat(601)}`],
  ])('with %s is not read', (_, text) => expect(parseNeeds(text)).toBeUndefined())

  test('of any text: either nothing, or what writes that very text', () => {
    const piece = fc.constantFrom(
      'acr_values=',
      'max_age=',
      'scope=',
      '; ',
      ' ',
      'a',
      '9',
      '0',
      '"',
      '\n',
      '=',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        const needs = parseNeeds(text)
        expect(needs === undefined || writeNeeds(needs) === text).toBe(true)
      }),
    )
  })
})

describe('combineNeeds', () => {
  it('asks for what satisfies all', () => {
    expect(
      combineNeeds([
        { acrValues: ['2fa', 'phr'], maxAgeSeconds: 900, scopes: ['a'] },
        { acrValues: ['phr', 'phrh'], scopes: ['b', 'a'] },
        { maxAgeSeconds: 300 },
      ]),
    ).toStrictEqual({ acrValues: ['phr'], maxAgeSeconds: 300, scopes: ['a', 'b'] })
  })

  it('asks for nothing when no sign-in satisfies all', () => {
    expect(combineNeeds([{ acrValues: ['a'] }, { acrValues: ['b'], maxAgeSeconds: 60 }])).toBeUndefined()
    expect(combineNeeds([])).toBeUndefined()
  })
})
