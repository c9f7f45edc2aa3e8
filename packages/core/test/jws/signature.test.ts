import { createPublicKey, randomBytes, sign } from 'node:crypto'
import { generateSigningKey, type SigningKey, signBytes } from '@behalf/testing'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { algorithms, isSignatureAlgorithm } from '../../src/jws/algorithms.ts'
import { isSignatureValid } from '../../src/jws/signature.ts'

const names = Object.keys(algorithms).filter(isSignatureAlgorithm)
const input = 'header.payload'
const rsa = generateSigningKey('rsa')
const otherRsa = generateSigningKey('other')
const keys = new Map(
  names.map((algorithm): [string, SigningKey] => [
    algorithm,
    algorithms[algorithm].keyType === 'RSA' ? { ...rsa, algorithm } : generateSigningKey('key', algorithm),
  ]),
)
function keyFor(algorithm: string): SigningKey {
  const key = keys.get(algorithm)
  if (key === undefined) throw new Error(`no key for ${algorithm}`)
  return key
}

/** Verifies with a key as it comes from a JWKS. */
function isValid(key: SigningKey, signature: Buffer, text = input): boolean {
  return isSignatureValid(key.algorithm, key.publicKey, Buffer.from(text), signature)
}

describe.each(names)('isSignatureValid with %s', (algorithm) => {
  const key = keyFor(algorithm)
  const signature = signBytes(algorithm, key.privateKey, input)

  test('accepts the right signature and nothing next to it', () => {
    expect(isValid(key, signature)).toBe(true)
    expect(isValid(key, signature, `${input}.`)).toBe(false)
    expect(isValid(key, Buffer.concat([signature, Buffer.from([0])]))).toBe(false)
    expect(isValid(key, Buffer.concat([Buffer.from([0]), signature]))).toBe(false)
    expect(isValid(key, signature.subarray(0, -1))).toBe(false)
    expect(isValid(key, Buffer.alloc(0))).toBe(false)
  })

  test('refuses a signature with any bit turned', () => {
    fc.assert(
      fc.property(fc.nat({ max: signature.length * 8 - 1 }), (bit) => {
        const turned = Buffer.from(signature)
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(isValid(key, turned)).toBe(false)
      }),
      { numRuns: 30 },
    )
  })

  test('answers false to any bytes, and never throws', () => {
    for (const length of [0, 1, 63, 64, 65, 96, 132, 255, 256, 257, 512, 4_096]) {
      for (const bytes of [Buffer.alloc(length), Buffer.alloc(length, 0xff), randomBytes(length)])
        expect(isValid(key, bytes)).toBe(false)
    }
  })

  test("refuses another key's signature", () => {
    const other = algorithms[algorithm].keyType === 'RSA' ? otherRsa : generateSigningKey('other', algorithm)
    expect(isValid(key, signBytes(algorithm, other.privateKey, input))).toBe(false)
  })
})

describe('isSignatureValid', () => {
  const rsaNames = names.filter((name) => algorithms[name].keyType === 'RSA')

  test('tells the RSA algorithms apart with one key', () => {
    for (const signed of rsaNames) {
      const signature = signBytes(signed, rsa.privateKey, input)
      const accepting = rsaNames.filter((verified) => isValid(keyFor(verified), signature))
      expect(accepting).toEqual([signed])
    }
  })

  it.each([20, 0, 64])('refuses PS256 with a salt of %i bytes', (saltLength) => {
    const { privateKey } = rsa
    const signature = sign('sha256', Buffer.from(input), { key: privateKey, padding: 6, saltLength })
    expect(isValid(keyFor('PS256'), signature)).toBe(false)
  })

  test('refuses an ECDSA signature in DER, which is what other protocols use', () => {
    const key = keyFor('ES256')
    expect(isValid(key, sign('sha256', Buffer.from(input), key.privateKey))).toBe(false)
  })

  test('refuses an ECDSA signature whose r or s is zero or the order of the curve', () => {
    const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
    const key = keyFor('ES256')
    const right = signBytes('ES256', key.privateKey, input)
    for (const bad of [Buffer.alloc(32), order, Buffer.alloc(32, 0xff)]) {
      expect(isValid(key, Buffer.concat([bad, right.subarray(32)]))).toBe(false)
      expect(isValid(key, Buffer.concat([right.subarray(0, 32), bad]))).toBe(false)
    }
  })

  it.each([
    {
      source: 'RFC 7515 appendix A.3',
      algorithm: 'ES256' as const,
      jwk: {
        kty: 'EC',
        crv: 'P-256',
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      },
      signed:
        'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
      signature: 'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
    },
    {
      source: 'RFC 8037 appendix A.4',
      algorithm: 'EdDSA' as const,
      jwk: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
      signed: 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
      signature: 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    },
  ])('verifies the example of $source', ({ algorithm, jwk, signed, signature }) => {
    const key = createPublicKey({ format: 'jwk', key: jwk })
    expect(isSignatureValid(algorithm, key, Buffer.from(signed), Buffer.from(signature, 'base64url'))).toBe(
      true,
    )
  })
})

describe('isSignatureAlgorithm', () => {
  it.each([
    'none',
    'None',
    'nOnE',
    'NONE',
    '',
    'HS256',
    'HS384',
    'HS512',
    'rs256',
    'RS256 ',
    'RS256\0',
    'ES256K',
    'RSA1_5',
    'dir',
    '__proto__',
    'constructor',
    'toString',
    null,
    undefined,
    256,
    ['RS256'],
    {},
  ])('does not take %j for an algorithm', (value) => {
    expect(isSignatureAlgorithm(value)).toBe(false)
  })
})
