import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify, webcrypto } from 'node:crypto'
import { privateKeyJwt, type Signer, type SigningKeyOptions } from '@behalf/client'
import { jwkThumbprint } from '@behalf/core/internal'
import { listen } from '@behalf/testing'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { joseSignature } from '../src/authentication/jose-signature.ts'
import { reply } from './support/authorization-server.ts'
import { refusal, startFixture } from './support/fixture.ts'

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed25519 = generateKeyPairSync('ed25519')
const publicJwk = (key: KeyObject) => createPublicKey(key).export({ format: 'jwk' })

/** A KMS with a real key: it signs in DER, as AWS KMS and OpenSSL do. */
const kms = (overrides: Partial<Signer> = {}): Signer => ({
  algorithm: 'ES256',
  publicKey: publicJwk(p256.privateKey),
  sign: async (data) => sign('sha256', data, p256.privateKey),
  ...overrides,
})

/** A compact JWS, taken apart. */
function read(jws: unknown) {
  const [header = '', payload = '', signature = ''] = String(jws).split('.')
  const parse = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  return {
    header: parse(header),
    payload: parse(payload),
    input: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  }
}

async function clientAssertion(options: Parameters<typeof privateKeyJwt>[0]) {
  const { server, client } = await startFixture()
  await client({ auth: privateKeyJwt(options) }).acquireToken({ assertion: server.userToken(), scopes: [] })
  return read(server.tokenRequests[0]?.form.get('client_assertion'))
}

const isByP256 = ({ input, signature }: ReturnType<typeof read>): boolean =>
  verify('sha256', input, { key: p256.publicKey, dsaEncoding: 'ieee-p1363' }, signature)

describe('a signer', () => {
  test('authenticates the client, and its DER becomes what JWS takes', async () => {
    const assertion = await clientAssertion({ signer: kms(), keyId: 'kms-1' })
    expect(assertion.header).toEqual({ alg: 'ES256', kid: 'kms-1' })
    expect(assertion.payload).toMatchObject({ iss: '0oaApiA', sub: '0oaApiA' })
    expect(assertion.signature).toHaveLength(64)
    expect(isByP256(assertion)).toBe(true)
  })

  test.each<[string, Signer, (input: Buffer, signature: Buffer) => boolean]>([
    [
      'ES256 in R and S',
      kms({ sign: (data) => sign('sha256', data, { key: p256.privateKey, dsaEncoding: 'ieee-p1363' }) }),
      (input, signature) =>
        verify('sha256', input, { key: p256.publicKey, dsaEncoding: 'ieee-p1363' }, signature),
    ],
    [
      'RS256',
      { algorithm: 'RS256', sign: (data) => sign('sha256', data, rsa.privateKey) },
      (input, signature) => verify('sha256', input, rsa.publicKey, signature),
    ],
    [
      'Ed25519',
      { algorithm: 'Ed25519', sign: (data) => sign(null, data, ed25519.privateKey) },
      (input, signature) => verify(null, input, ed25519.publicKey, signature),
    ],
  ])('of %s authenticates the client, also at once and without a public key', async (_, signer, isRight) => {
    const { header, input, signature } = await clientAssertion({ signer })
    expect(header).toEqual({ alg: signer.algorithm })
    expect(isRight(input, signature)).toBe(true)
  })

  test('binds tokens, and proves it to API B', async () => {
    const { server, client } = await startFixture()
    const jkt = jwkThumbprint({ ...publicJwk(p256.privateKey) })
    server.claims = { cnf: { jkt } }
    const proofs: ReturnType<typeof read>[] = []
    const b = await listen((request, response) => {
      proofs.push(read(request.headers['dpop']))
      reply(response, 200, 'the orders')
    })
    onTestFinished(() => b.close())
    const a = client({ dpop: { signer: kms() }, allowedOrigins: [b.origin] })
    await a.fetch(server.userToken(), { scopes: [] })(`${b.origin}/orders`)
    proofs.push(read(server.tokenRequests[0]?.headers['dpop']))
    expect(proofs.map(({ header }) => header)).toEqual(
      [1, 2].map(() => ({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicJwk(p256.privateKey) })),
    )
    expect(proofs.map(isByP256)).toEqual([true, true])
  })

  test('that hangs keeps client.fetch no longer than API B may, or than its caller waits', async () => {
    const { server, clock, client } = await startFixture()
    server.claims = { cnf: { jkt: jwkThumbprint({ ...publicJwk(p256.privateKey) }) } }
    const asked = Promise.withResolvers<void>()
    let isDown = false
    const sign: Signer['sign'] = (data) => {
      if (!isDown) return kms().sign(data)
      asked.resolve()
      return new Promise(() => undefined)
    }
    const a = client({ dpop: { signer: kms({ sign }) }, allowedOrigins: ['http://127.0.0.1:9'] })
    const assertion = server.userToken()
    await a.acquireToken({ assertion, scopes: [] })
    isDown = true
    const callB = a.fetch(assertion, { scopes: [], answerTimeoutMs: 5_000 })
    const call = callB('http://127.0.0.1:9/orders')
    await asked.promise
    clock.advance(5_000)
    await expect(call).rejects.toMatchObject({ name: 'TimeoutError' })
    const controller = new AbortController()
    const given = callB('http://127.0.0.1:9/orders', { signal: controller.signal })
    controller.abort(new Error('the caller has gone'))
    await expect(given).rejects.toThrow('the caller has gone')
  })

  test.each<[string, Signer['sign'], string]>([
    ['rejects', () => Promise.reject(new Error('AKIAsecret may not sign')), 'the signer failed'],
    [
      'throws',
      () => {
        throw new Error('AKIAsecret may not sign')
      },
      'the signer failed',
    ],
    ['answers a text', (() => 'AKIAsecret') as never, 'the signer made no ES256 signature'],
    ['answers nothing', () => new Uint8Array(), 'the signer made no ES256 signature'],
    ['answers for another curve', () => new Uint8Array(96), 'the signer made no ES256 signature'],
  ])('that %s is a token request that failed, and may be tried again', async (_, sign, detail) => {
    const { server, client } = await startFixture()
    const a = client({ auth: privateKeyJwt({ signer: kms({ sign }) }) })
    const error = await refusal(a.acquireToken({ assertion: server.userToken(), scopes: [] }), 'AKIAsecret')
    expect(error).toMatchObject({ code: 'token_request_failed', detail, retryable: true })
    expect(server.tokenRequests).toHaveLength(0)
  })

  test.each<[string, unknown]>([
    ['without a way to sign', { algorithm: 'ES256' }],
    ['of a symmetric algorithm', { ...kms(), algorithm: 'HS256' }],
    ['whose public key is of another kind', kms({ publicKey: publicJwk(rsa.privateKey) })],
    ['whose public key is none', kms({ publicKey: {} })],
    ['that is nothing', null],
  ])('%s is refused when the client is made', async (_, signer) => {
    const { client } = await startFixture()
    const options = { signer } as SigningKeyOptions
    expect(() => client({ auth: privateKeyJwt(options) })).toThrow(/auth: privateKeyJwt: expected a /)
    expect(() => client({ dpop: options })).toThrow(/dpop\.signer: expected a /)
  })

  test('without a public key cannot prove possession', async () => {
    const { client } = await startFixture()
    const { publicKey: _, ...signer } = kms()
    expect(() => client({ dpop: { signer } })).toThrow(
      'dpop.signer: expected a signer with its publicKey as a JWK',
    )
  })
})

describe('keys of the platform', () => {
  test('a KeyObject authenticates the client', async () => {
    const assertion = await clientAssertion({ privateKey: p256.privateKey })
    expect([assertion.header.alg, isByP256(assertion)]).toEqual(['ES256', true])
  })

  test.each([
    ['RS512', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' }],
    ['PS256', { name: 'RSA-PSS', hash: 'SHA-256' }],
  ])('an extractable CryptoKey is for the algorithm that it names: %s', async (algorithm, parameters) => {
    const rsaParameters = { ...parameters, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
    const pair = await webcrypto.subtle.generateKey(rsaParameters, true, ['sign', 'verify'])
    const { header, input, signature } = await clientAssertion({ privateKey: pair.privateKey })
    expect(header.alg).toBe(algorithm)
    const saltLength = 32
    expect(
      await webcrypto.subtle.verify({ ...parameters, saltLength }, pair.publicKey, signature, input),
    ).toBe(true)
  })

  test('a CryptoKey that cannot be exported is refused, and signs as a signer', async () => {
    const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    const { privateKey, publicKey } = await webcrypto.subtle.generateKey(ecdsa, false, ['sign', 'verify'])
    const { client } = await startFixture()
    expect(() => client({ auth: privateKeyJwt({ privateKey }) })).toThrow(
      /expected a CryptoKey that is extractable/,
    )
    const signer: Signer = {
      algorithm: 'ES256',
      sign: async (data) => new Uint8Array(await webcrypto.subtle.sign(ecdsa, privateKey, Buffer.from(data))),
    }
    const { input, signature } = await clientAssertion({ signer })
    expect(await webcrypto.subtle.verify(ecdsa, publicKey, signature, input)).toBe(true)
  })

  test.each<[string, SigningKeyOptions]>([
    ['a public KeyObject', { privateKey: p256.publicKey }],
    ['a KeyObject for another algorithm', { privateKey: p256.privateKey, algorithm: 'RS256' }],
    ['a key beside a signer', { privateKey: p256.privateKey, signer: kms() } as never],
  ])('%s is refused', async (_, options) => {
    const { client } = await startFixture()
    expect(() => client({ auth: privateKeyJwt(options) })).toThrow(/auth: privateKeyJwt: expected a/)
  })
})

describe('DER', () => {
  // Every other number of P-521 begins with a zero, and one of 256 of the others; those of more bits take many times as long.
  test.each([
    ['ES256', 'P-256', 300],
    ['ES384', 'P-384', 100],
    ['ES512', 'P-521', 30],
  ] as const)(
    'of %s becomes R and S of full width, whatever zeros they begin with',
    (algorithm, namedCurve, rounds) => {
      const key = generateKeyPairSync('ec', { namedCurve })
      for (let round = 0; round < rounds; round++) {
        const data = Buffer.from([round & 255, round >> 8])
        const made = joseSignature(algorithm, sign('sha256', data, key.privateKey))
        const signature = made ?? Buffer.alloc(0)
        expect(verify('sha256', data, { key: key.publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(
          true,
        )
      }
    },
  )

  test('that is anything else is none, and nothing makes an exception', () => {
    const der = sign('sha256', Buffer.from('x'), p256.privateKey)
    for (const bytes of [
      der.subarray(1),
      der.subarray(0, -1),
      Buffer.concat([der, Buffer.alloc(1)]),
      Buffer.from([0x30, 0]),
    ])
      expect(joseSignature('ES256', bytes)).toBeUndefined()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), (bytes) => {
        const made = joseSignature('ES256', bytes)
        expect(made === undefined || made.length === 64).toBe(true)
      }),
    )
  })
})

test.each(['\n', '\r\n', '\r'])('a secret that ends with %j is refused, and why is said', async (end) => {
  const { clientSecretBasic, clientSecretPost } = await import('@behalf/client')
  const { client } = await startFixture()
  for (const make of [clientSecretBasic, clientSecretPost])
    expect(() => client({ auth: make(`secret-of-a-file${end}`) })).toThrow(
      /expected a secret that does not end with a line break; trim it$/m,
    )
})
