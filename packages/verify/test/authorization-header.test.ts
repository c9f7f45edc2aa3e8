import { describe, expect, it } from 'vitest'
import { readAuthorization } from '../src/request/authorization-header.ts'
import { TokenError, type TokenErrorCode } from '../src/token-error.ts'

describe('the Authorization header', () => {
  it.each([
    ['Bearer abc.def', 'bearer', 'abc.def'],
    ['bearer abc', 'bearer', 'abc'],
    ['BEARER abc', 'bearer', 'abc'],
    ['DPoP abc', 'dpop', 'abc'],
    ['Bearer   abc', 'bearer', 'abc'],
    ['  Bearer abc  ', 'bearer', 'abc'],
    ['Bearer aZ09-._~+/==', 'bearer', 'aZ09-._~+/=='],
  ] as const)('presents a token: %j', (header, scheme, token) => {
    expect(readAuthorization([header])).toEqual({ scheme, token })
  })

  it.each<[TokenErrorCode, string[]]>([
    ['token_missing', []],
    ['token_missing', ['']],
    ['token_missing', ['Bearer']],
    ['token_missing', ['Bearer ']],
    ['token_missing', ['DPoP']],
    ['token_missing', ['Basic YTpi']],
    ['token_missing', ['Basic']],
    ['token_missing', ['abc.def.ghi']],
    ['token_missing', ['Bearerabc']],
    ['token_invalid', ['Bearer abc', 'Bearer abc']],
    ['token_invalid', ['Bearer abc def']],
    ['token_invalid', ['Bearer "abc"']],
    ['token_invalid', ['Bearer !abc']],
    ['token_invalid', ['Bearer abc!']],
    ['token_invalid', ['Bearer a=bc']],
    ['token_invalid', ['Bearer =']],
    ['token_invalid', ['Bearer abc, Bearer def']],
  ])('is refused with %s: %j', (code, headers) => {
    const read = readAuthorization(headers)
    expect(read).toBeInstanceOf(TokenError)
    expect(read).toMatchObject({ code })
    expect(read instanceof TokenError && read.detail !== undefined).toBe(code === 'token_invalid')
  })
})
