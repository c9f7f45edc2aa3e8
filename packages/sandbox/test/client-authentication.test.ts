import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createSandbox, type Sandbox } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import OktaJwtVerifier from '@okta/jwt-verifier'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, requestMachineToken } from './machine-token.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const secret = 'a secret: with % and + in it'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createSandbox({
    ...oneServer,
    apps: [
      { clientId: 'basic', type: 'service', auth: { method: 'client_secret_basic', clientSecret: secret } },
      { clientId: 'post', type: 'service', auth: { method: 'client_secret_post', clientSecret: secret } },
      {
        clientId: 'jwt',
        type: 'service',
        auth: {
          method: 'private_key_jwt',
          keys: [{ ...publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'k1' }],
        },
      },
      { clientId: 'spa', type: 'spa', redirectUris: ['http://127.0.0.1:3000/callback'] },
    ],
  })
})
afterAll(() => sandbox.close())

const assertion = (key = privateKey, audience = `${sandbox.url}/oauth2/default/v1/token`): Promise<string> =>
  new SignJWT()
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuer('jwt')
    .setSubject('jwt')
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('5m')
    .setJti(randomUUID())
    .sign(key)

const byAssertion = (jwt: string) => ({
  headers: {},
  form: {
    client_assertion: jwt,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  },
})

describe('accepted', () => {
  test('client_secret_basic', async () => {
    const headers = basic(encodeURIComponent('basic'), encodeURIComponent(secret))
    expect((await requestMachineToken(sandbox, { headers })).claims).toMatchObject({
      cid: 'basic',
      sub: 'basic',
    })
  })

  test('client_secret_post', async () => {
    const form = { client_id: 'post', client_secret: secret }
    expect((await requestMachineToken(sandbox, { headers: {}, form })).claims['cid']).toBe('post')
  })

  test('private_key_jwt', async () => {
    const { claims } = await requestMachineToken(sandbox, byAssertion(await assertion()))
    expect(claims['cid']).toBe('jwt')
  })
})

test('a machine token has no claim of a user, and verifies with the official verifier', async () => {
  const headers = basic('basic', encodeURIComponent(secret))
  const { body, claims } = await requestMachineToken(sandbox, { headers })
  const issuer = `${sandbox.url}/oauth2/default`
  expect(claims).toEqual({
    ver: 1,
    jti: expect.stringMatching(/^AT\./),
    iss: issuer,
    aud: 'api://default',
    iat: expect.any(Number),
    exp: Number(claims.iat) + 3600,
    cid: 'basic',
    scp: ['orders:read'],
    sub: 'basic',
  })
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'orders:read' })
  expect(body).not.toHaveProperty('id_token')
  const verifier = new OktaJwtVerifier({ issuer, testing: { disableHttpsCheck: true } })
  await expect(
    verifier.verifyAccessToken(String(body['access_token']), 'api://default'),
  ).resolves.toBeDefined()
  await expect(verifier.verifyAccessToken(String(body['access_token']), 'api://other')).rejects.toThrow()
})

test('an app that is not configured for the grant is told so as Okta does, and which ones it has', async () => {
  const asked = await requestMachineToken(sandbox, { headers: {}, form: { client_id: 'spa' } })
  expect([asked.status, asked.body]).toEqual([
    400,
    {
      error: 'unauthorized_client',
      error_description:
        'The client is not authorized to use the provided grant type. Configured grant types: [authorization_code, refresh_token].',
    },
  ])
  const unknown = await requestMachineToken(sandbox, {
    headers: basic(encodeURIComponent('basic'), encodeURIComponent(secret)),
    form: { grant_type: 'urn:example:unheard-of' },
  })
  expect([unknown.status, unknown.body['error']]).toEqual([400, 'unsupported_grant_type'])
})

describe('refused with invalid_client', () => {
  test.each([
    ['a wrong secret', () => ({ headers: basic('basic', 'wrong') })],
    ['an unknown client', () => ({ headers: basic('nobody', 'x') })],
  ])('%s', async (_name, request) => {
    const { status, body } = await requestMachineToken(sandbox, request())
    expect([status, body['error']]).toEqual([401, 'invalid_client'])
    expect(body).not.toHaveProperty('access_token')
  })

  test('an assertion by another key, for another audience, or used twice', async () => {
    const once = await assertion()
    await requestMachineToken(sandbox, byAssertion(once))
    const elsewhere = await assertion(privateKey, 'https://example.com/v1/token')
    for (const jwt of [await assertion(stranger), elsewhere, once]) {
      const { status, body } = await requestMachineToken(sandbox, byAssertion(jwt))
      expect(status).toBe(401)
      expect(body['error']).toBe('invalid_client')
    }
  })
})
