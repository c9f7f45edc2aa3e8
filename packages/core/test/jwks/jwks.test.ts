import { generateSigningKey } from '@behalf/testing'
import { describe, expect, it, test } from 'vitest'
import { Jwks } from '../../src/jwks/jwks.ts'

const rsa = generateSigningKey('shared')
const ec = generateSigningKey('shared', 'ES256')
const other = generateSigningKey('other')
const weak = generateSigningKey('weak', 'RS256', 1024)
const parse = (...keys: readonly object[]): Jwks | undefined =>
  Jwks.parse(JSON.parse(JSON.stringify({ keys })))

describe('Jwks', () => {
  test('finds a key by kid and algorithm', () => {
    const jwks = parse(rsa.jwk, other.jwk)
    expect(jwks?.find('other', 'RS256').map(({ key }) => key.equals(other.publicKey))).toEqual([true])
    expect(jwks?.find('other', 'RS384')).toEqual([])
    expect(jwks?.find('missing', 'RS256')).toEqual([])
    expect(jwks?.has('other')).toBe(true)
    expect(jwks?.has('OTHER')).toBe(false)
  })

  test('keeps keys of the same kid apart by algorithm, and all of them when they share it', () => {
    const twin = generateSigningKey('shared')
    const jwks = parse(rsa.jwk, ec.jwk, twin.jwk)
    expect(jwks?.find('shared', 'ES256').map(({ key }) => key.equals(ec.publicKey))).toEqual([true])
    expect(jwks?.find('shared', 'RS256')).toHaveLength(2)
  })

  test('passes over keys that cannot be used and keeps the others', () => {
    const jwks = parse(weak.jwk, { ...other.jwk, use: 'enc' }, rsa.jwk)
    expect(['weak', 'other', 'shared'].map((kid) => jwks?.has(kid))).toEqual([false, false, true])
  })

  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])(
    'knows no key %s by inheritance',
    (kid) => {
      expect(parse(rsa.jwk)?.has(kid)).toBe(false)
      expect(parse(rsa.jwk)?.find(kid, 'RS256')).toEqual([])
      expect(parse({ ...rsa.jwk, kid })?.find(kid, 'RS256')).toHaveLength(1)
    },
  )

  test('takes a hundred keys', () => {
    const keys = Array.from({ length: 100 }, (_, index) => ({ ...rsa.jwk, kid: `key-${index}` }))
    expect(parse(...keys)?.has('key-99')).toBe(true)
  })

  it.each([
    ['null', null],
    ['an array', [rsa.jwk]],
    ['no keys member', {}],
    ['keys that are an object', { keys: { 0: rsa.jwk } }],
    ['an empty set', { keys: [] }],
    ['only unusable keys', { keys: [weak.jwk] }],
    ['more than a hundred keys', { keys: Array.from({ length: 101 }, () => rsa.jwk) }],
  ])('takes %s for no key set', (_what, document) => {
    expect(Jwks.parse(JSON.parse(JSON.stringify(document)))).toBeUndefined()
  })
})
