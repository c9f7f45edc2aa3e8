import { generateKeyPairSync } from 'node:crypto'
import { generateSigningKey, type SigningKey } from '@behalf/testing'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { importVerificationKey, isKeyId } from '../../src/jwks/jwk.ts'
import {
  algorithms,
  isSignatureAlgorithm,
  type SignatureAlgorithm,
  synonymsOf,
} from '../../src/jws/algorithms.ts'

const names = Object.keys(algorithms).filter(isSignatureAlgorithm)
const rsaKey = generateSigningKey('rsa')
const rsa = rsaKey.jwk
const ec = generateSigningKey('ec', 'ES256').jwk
const ed = generateSigningKey('ed', 'EdDSA').jwk
/** A key published for an algorithm; one RSA key serves all of its algorithms, because they take long to make. */
const keyFor = (algorithm: SignatureAlgorithm): SigningKey =>
  algorithms[algorithm].keyType === 'RSA'
    ? { ...rsaKey, algorithm, jwk: { ...rsa, alg: algorithm } }
    : generateSigningKey('key-1', algorithm)

/** A JWK as JSON brings it, with members added, replaced or (undefined) left out. */
const variant = (jwk: object, changes: object): ReturnType<typeof importVerificationKey> =>
  importVerificationKey(JSON.parse(JSON.stringify({ ...jwk, ...changes })))
const flip = (text: string | undefined): string => {
  const bytes = Buffer.from(text ?? '', 'base64url')
  bytes[10] = (bytes[10] ?? 0) ^ 1
  return bytes.toString('base64url')
}

describe('importVerificationKey', () => {
  test.each(names)('imports a key published for %s, for that algorithm only', (algorithm) => {
    const { jwk } = keyFor(algorithm)
    expect(variant(jwk, {})).toMatchObject({ kid: jwk.kid, algorithms: synonymsOf(algorithm) })
  })

  test('lets a key that is published for no algorithm verify those of its type and curve', () => {
    expect(variant(rsa, { alg: undefined })?.algorithms).toEqual(names.filter((name) => /^[RP]S/.test(name)))
    expect(variant(ec, { alg: undefined })?.algorithms).toEqual(['ES256'])
    expect(variant(ed, { alg: undefined })?.algorithms).toEqual(['EdDSA', 'Ed25519'])
  })

  test('takes what key_ops allows, and ignores members that it does not know', () => {
    expect(variant(rsa, { key_ops: ['verify'], x5c: ['canary'], jku: 'https://evil.example' })).toBeDefined()
    expect(variant(rsa, { use: undefined })).toBeDefined()
  })

  it.each([
    ['is no object', 'RSA'],
    ['is null', null],
    ['is an array', [rsa]],
    ['has no kid', { ...rsa, kid: undefined }],
    ['has an empty kid', { ...rsa, kid: '' }],
    ['has a kid that is a number', { ...rsa, kid: 1 }],
    ['has a huge kid', { ...rsa, kid: 'k'.repeat(257) }],
    ['is for encryption', { ...rsa, use: 'enc' }],
    ['has an unknown use', { ...rsa, use: 'SIG' }],
    ['has a use of null', { ...rsa, use: null }],
    ['may only sign', { ...rsa, key_ops: ['sign'] }],
    ['may do nothing', { ...rsa, key_ops: [] }],
    ['has key_ops that are a string', { ...rsa, key_ops: 'verify' }],
    ['has an HMAC algorithm', { ...rsa, alg: 'HS256' }],
    ['has an encryption algorithm', { ...rsa, alg: 'RSA-OAEP-256' }],
    ['has the algorithm none', { ...rsa, alg: 'none' }],
    ['has an algorithm of another type', { ...rsa, alg: 'ES256' }],
    ['has an algorithm of another curve', { ...ec, alg: 'ES384' }],
    ['has an algorithm of null', { ...rsa, alg: null }],
    ['has no type', { ...rsa, kty: undefined }],
    ['has another type', { ...rsa, kty: 'EC' }],
    ['is symmetric', { kty: 'oct', k: 'c2VjcmV0', kid: 'oct', alg: 'HS256' }],
    ['is symmetric and says RS256', { kty: 'oct', k: 'c2VjcmV0', kid: 'oct', alg: 'RS256' }],
    ['holds a symmetric secret besides', { ...rsa, k: 'c2VjcmV0' }],
    ['lacks its modulus', { ...rsa, n: undefined }],
    ['has a modulus that is a number', { ...rsa, n: 5 }],
    ['has an empty modulus', { ...rsa, n: '' }],
    ['has a modulus of all zeros', { ...rsa, n: 'A'.repeat(342) }],
    ['lacks its exponent', { ...rsa, e: undefined }],
    ['has an exponent of 1', { ...rsa, e: 'AQ' }],
    ['has an even exponent', { ...rsa, e: 'AQAA' }],
    ['has a huge exponent', { ...rsa, e: rsa.n }],
    ['has 1024 bits', generateSigningKey('weak', 'RS256', 1024).jwk],
    ['has 2047 bits', generateSigningKey('weak', 'RS256', 2047).jwk],
    ['has more bits than anybody needs', { ...rsa, n: `v${'A'.repeat(4_000)}` }],
    ['is on a curve that signs nothing here', { ...ec, crv: 'secp256k1', alg: undefined }],
    ['is on no curve', { ...ec, crv: undefined }],
    ['is a point off its curve', { ...ec, y: flip(ec.y) }],
    ['is a point of another curve', { ...generateSigningKey('k', 'ES384').jwk, crv: 'P-256', alg: 'ES256' }],
    ['is the point 0,0', { ...ec, x: 'A'.repeat(43), y: 'A'.repeat(43) }],
    ['lacks a coordinate', { ...ec, y: undefined }],
    [
      'agrees on keys instead of signing',
      { ...generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }), kid: 'x', alg: 'EdDSA' },
    ],
    ['is an Ed25519 key cut short', { ...ed, x: ed.x?.slice(2) }],
    [
      'is an Ed448 key',
      { ...generateKeyPairSync('ed448').publicKey.export({ format: 'jwk' }), kid: 'x', alg: 'EdDSA' },
    ],
  ])('passes over a key that %s', (_what, jwk) => {
    expect(importVerificationKey(JSON.parse(JSON.stringify(jwk)))).toBeUndefined()
  })

  test.each(names)('passes over a private key for %s, because everybody can sign with it', (algorithm) => {
    const { jwk, privateKey } = keyFor(algorithm)
    expect(variant(jwk, privateKey.export({ format: 'jwk' }))).toBeUndefined()
    expect(variant(jwk, { d: privateKey.export({ format: 'jwk' }).d })).toBeUndefined()
  })

  test('never throws, whatever the members are', () => {
    const member = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.base64String({ maxLength: 50 }),
      fc.constantFrom('P-256', 'RSA', 'EC', 'OKP', 'sig', 'RS256', 'EdDSA'),
    )
    const changes = fc.dictionary(
      fc.constantFrom('kty', 'crv', 'n', 'e', 'x', 'y', 'use', 'alg', 'key_ops'),
      member,
    )
    fc.assert(
      fc.property(fc.constantFrom(rsa, ec, ed), changes, (jwk, changed) => {
        const key = variant(jwk, changed)
        if (key !== undefined) expect(key.key.type).toBe('public')
      }),
      { numRuns: 500 },
    )
  })
})

describe('isKeyId', () => {
  it.each(['a', '../../etc/passwd', "' OR 1=1 --", '__proto__', 'k'.repeat(256)])('takes %j', (kid) => {
    expect(isKeyId(kid)).toBe(true)
  })

  it.each(['', 'k'.repeat(257), 0, null, undefined, true, ['a'], { a: 1 }])('refuses %j', (kid) => {
    expect(isKeyId(kid)).toBe(false)
  })
})
