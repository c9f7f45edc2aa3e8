import { generateKeyPairSync, verify } from 'node:crypto'
import { clientSecretBasic, clientSecretPost, privateKeyJwt } from '@behalf/client'
import { generateSigningKey } from '@behalf/testing'
import { describe, expect, test } from 'vitest'
import { startFixture } from './support/fixture.ts'

test('clientSecretBasic puts form-encoded credentials into the header, and Okta’s own alphabet as it is', async () => {
  const { server, client } = await startFixture()
  const a = client({ clientId: '0oa-Api_A', auth: clientSecretBasic('a-b_c: d%é') })

  await a.acquireToken({ assertion: server.userToken(), scopes: [] })

  const [scheme, credentials = ''] = (server.tokenRequests[0]?.headers.authorization ?? '').split(' ')
  expect(scheme).toBe('Basic')
  expect(Buffer.from(credentials, 'base64').toString()).toBe('0oa-Api_A:a-b_c%3A+d%25%C3%A9')
  expect(server.tokenRequests[0]?.form.has('client_secret')).toBe(false)
})

test('clientSecretPost puts the credentials into the body', async () => {
  const { server, client } = await startFixture()
  await client({ auth: clientSecretPost('a-b_c: d') }).acquireToken({
    assertion: server.userToken(),
    scopes: [],
  })
  const [request] = server.tokenRequests
  expect(request?.form.get('client_id')).toBe('0oaApiA')
  expect(request?.form.get('client_secret')).toBe('a-b_c: d')
  expect(request?.headers.authorization).toBeUndefined()
})

describe('privateKeyJwt', () => {
  const rsa = generateSigningKey('registered', 'RS256')
  const pem = rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const jwk = (algorithm: 'ES256' | 'ES384' | 'EdDSA' | 'Ed25519' | 'PS256') => {
    const key = generateSigningKey('registered', algorithm)
    return { key, jwk: { ...key.privateKey.export({ format: 'jwk' }), kid: 'registered', alg: algorithm } }
  }

  async function clientAssertion(options: Parameters<typeof privateKeyJwt>[0]) {
    const fixture = await startFixture()
    await fixture
      .client({ auth: privateKeyJwt(options) })
      .acquireToken({ assertion: fixture.server.userToken(), scopes: [] })
    const { form } = fixture.server.tokenRequests[0] ?? {}
    expect(form?.get('client_id')).toBe('0oaApiA')
    expect(form?.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    const [header = '', payload = '', signature = ''] = (form?.get('client_assertion') ?? '').split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
    return {
      ...fixture,
      header: read(header),
      payload: read(payload),
      input: Buffer.from(`${header}.${payload}`),
      signature: Buffer.from(signature, 'base64url'),
    }
  }

  test('signs with a PEM key, for the token endpoint and no longer than a minute', async () => {
    const sent = await clientAssertion({ privateKey: pem, keyId: 'registered' })
    expect(sent.header).toEqual({ alg: 'RS256', kid: 'registered' })
    expect(sent.payload).toEqual({
      iss: '0oaApiA',
      sub: '0oaApiA',
      aud: `${sent.server.issuer}/v1/token`,
      jti: expect.stringMatching(/^[\w-]{20,}$/),
      iat: expect.any(Number),
      nbf: sent.payload.iat,
      exp: sent.payload.iat + 60,
    })
    // The library reads the machine's clock a moment later, so a second may begin in between.
    expect(Math.abs(sent.payload.iat - sent.clock.seconds)).toBeLessThanOrEqual(1)
    expect(verify('sha256', sent.input, rsa.publicKey, sent.signature)).toBe(true)
  })

  test('names no key for PEM unless told', async () => {
    expect((await clientAssertion({ privateKey: pem })).header).toEqual({ alg: 'RS256' })
  })

  test('takes another audience', async () => {
    const { payload } = await clientAssertion({ privateKey: pem, audience: 'https://example.okta.com' })
    expect(payload.aud).toBe('https://example.okta.com')
  })

  test.each(['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256'] as const)(
    'signs with a JWK for %s',
    async (algorithm) => {
      const { key, jwk: privateKey } = jwk(algorithm)
      const { header, input, signature } = await clientAssertion({ privateKey })
      expect(header).toEqual({ alg: algorithm, kid: 'registered' })
      const digest = { ES256: 'sha256', ES384: 'sha384', EdDSA: null, Ed25519: null, PS256: 'sha256' }[
        algorithm
      ]
      const padding = algorithm === 'PS256' ? { padding: 6, saltLength: 32 } : {}
      expect(
        verify(digest, input, { key: key.publicKey, dsaEncoding: 'ieee-p1363', ...padding }, signature),
      ).toBe(true)
    },
  )

  test('takes the algorithm from the curve when the JWK has none', async () => {
    const { alg, ...privateKey } = jwk('ES384').jwk
    expect((await clientAssertion({ privateKey })).header.alg).toBe('ES384')
  })

  test.each([
    ['no key', { privateKey: '' }],
    ['a public key', { privateKey: rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString() }],
    ['a public JWK', { privateKey: { ...rsa.jwk } }],
    ['a key for another algorithm', { privateKey: pem, algorithm: 'ES256' as const }],
    ['a JWK for another algorithm', { privateKey: { ...jwk('ES256').jwk, alg: 'HS256' } }],
    [
      'a short RSA key',
      {
        privateKey: generateKeyPairSync('rsa', { modulusLength: 1024 })
          .privateKey.export({ format: 'pem', type: 'pkcs8' })
          .toString(),
      },
    ],
    [
      'a key with a passphrase',
      {
        privateKey: rsa.privateKey
          .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' })
          .toString(),
      },
    ],
  ])('refuses %s when the client is made', async (_, options) => {
    const { client } = await startFixture()
    expect(() => client({ auth: privateKeyJwt(options) })).toThrow(/auth: privateKeyJwt: expected/)
  })
})
