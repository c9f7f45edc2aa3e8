import { expect, it } from 'vitest'
import { isScopeToken } from '../../src/text/scope-token.ts'

it.each(['a', 'orders:read', 'https://example.com/scope', "!#[]~'"])('%j is a scope token', (value) => {
  expect(isScopeToken(value)).toBe(true)
})

it.each(['', ' ', 'a b', 'a"b', 'a\\b', 'ä', 'a\n', '\u007f', 1, null, undefined, ['a']])(
  '%j is none',
  (value) => {
    expect(isScopeToken(value)).toBe(false)
  },
)
