import { generateSigningKey } from '@behalf/testing'
import { calculateJwkThumbprint } from 'jose'
import { expect, it } from 'vitest'
import { jwkThumbprint } from '../../src/jwks/thumbprint.ts'

it('knows the thumbprint of RFC 7638 §3.1', () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw'
  const jwk = { kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' }
  expect(jwkThumbprint(jwk)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
})

it.each(['RS256', 'ES256', 'ES384', 'ES512', 'Ed25519'] as const)(
  'agrees with another implementation on a key for %s',
  async (algorithm) => {
    const { jwk } = generateSigningKey('key-1', algorithm)
    expect(jwkThumbprint(jwk)).toBe(await calculateJwkThumbprint(jwk))
  },
)

it.each([
  {},
  { kty: 'oct', k: 'c2VjcmV0' },
  { kty: 'constructor' },
  { kty: 'RSA', n: 'AQAB' },
  { kty: 'EC', crv: 'P-256', x: 'AQAB', y: 1 },
])('%j has none', (jwk) => {
  expect(jwkThumbprint(jwk)).toBeUndefined()
})
