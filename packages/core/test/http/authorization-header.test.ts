import { expect, it } from 'vitest'
import { readAuthorizationHeader } from '../../src/http/authorization-header.ts'

const read = (value: string) => readAuthorizationHeader(value, ['bearer', 'dpop'])

it.each([
  ['Bearer abc.def', 'bearer', 'abc.def'],
  ['BEARER abc', 'bearer', 'abc'],
  ['dPoP abc', 'dpop', 'abc'],
  ['Bearer   aZ09-._~+/==', 'bearer', 'aZ09-._~+/=='],
])('%j presents a token', (value, scheme, token) => {
  expect(read(value)).toEqual({ ok: true, value: { scheme, token } })
})

it.each([
  '',
  ' Bearer abc',
  'Bearer',
  'Bearer ',
  'DPoP',
  'Basic YTpi',
  'abc.def.ghi',
  'Bearerabc',
  'Bearer\tabc',
])('%j presents nothing', (value) => {
  expect(read(value)).toEqual({ ok: false, fault: 'missing' })
})

it.each([
  'Bearer a b',
  'Bearer a ',
  'Bearer "a"',
  'Bearer !a',
  'Bearer a=b',
  'Bearer =',
  'Bearer a, Bearer b',
  'DPoP \tab',
])('%j presents what is no token', (value) => {
  expect(read(value)).toEqual({ ok: false, fault: 'malformed' })
})

it('leaves alone what has another scheme than those that are asked for', () => {
  expect(readAuthorizationHeader('DPoP abc', ['bearer'])).toEqual({ ok: false, fault: 'missing' })
})

// Where a gateway hands over what HTTP would not, a line separator at the end made the time grow with the square of the blanks.
it.each(['\n', '\r', '\u2028'])('is malformed with %j in it, and not missing', (separator) => {
  expect(read(`Bearer${' '.repeat(1_000)}${separator}`)).toEqual({ ok: false, fault: 'malformed' })
})
