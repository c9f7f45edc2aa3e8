import { createHash, createPublicKey, verify } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { generateSigningKey, listen } from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import { requireAccess } from '@behalf/verify/express'
import express from 'express'
import { describe, expect, onTestFinished, test } from 'vitest'
import { reply } from './support/authorization-server.ts'
import { refusal, startFixture } from './support/fixture.ts'

const sha256 = (value: string) => createHash('sha256').update(value).digest('base64url')
const key = generateSigningKey('dpop', 'ES256')
const privateKey = key.privateKey.export({ format: 'jwk' })
const { crv, kty, x, y } = key.jwk
const thumbprint = sha256(JSON.stringify({ crv, kty, x, y }))

/** What a proof says, once its signature is found to be right. */
function readProof(proof: string | string[] | undefined) {
  const [header = '', payload = '', signature = ''] = String(proof).split('.')
  const head = JSON.parse(Buffer.from(header, 'base64url').toString())
  const publicKey = createPublicKey({ key: head.jwk, format: 'jwk' })
  const input = Buffer.from(`${header}.${payload}`)
  const signed = verify(
    'sha256',
    input,
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!signed) throw new Error('the proof is not signed by its key')
  return { header: head, payload: JSON.parse(Buffer.from(payload, 'base64url').toString()) }
}

async function start() {
  const fixture = await startFixture()
  fixture.server.claims = { cnf: { jkt: thumbprint } }
  return { ...fixture, a: fixture.client({ dpop: { privateKey } }), assertion: fixture.server.userToken() }
}

describe('a token request', () => {
  test('proves the possession of the key, and the proof does not hold the assertion', async () => {
    const { server, clock, a, assertion } = await start()
    const token = await a.acquireToken({ assertion, scopes: [] })
    expect(token.tokenType).toBe('DPoP')
    const { header, payload } = readProof(server.tokenRequests[0]?.headers['dpop'])
    expect(header).toEqual({ typ: 'dpop+jwt', alg: 'ES256', jwk: { crv, kty, x, y } })
    expect(payload).toEqual({
      htm: 'POST',
      htu: `${server.issuer}/v1/token`,
      iat: clock.seconds,
      jti: expect.stringMatching(/^[\w-]{20,}$/),
    })
  })

  test('is made once more with the nonce that the server wants, and remembers it', async () => {
    const { server, a, assertion } = await start()
    server.nextAnswers.push({
      status: 400,
      body: { error: 'use_dpop_nonce' },
      headers: { 'dpop-nonce': 'nonce-1' },
    })
    await a.acquireToken({ assertion, scopes: [] })
    await a.acquireToken({ assertion, scopes: [], skipCache: true })
    const nonces = server.tokenRequests.map(({ headers }) => readProof(headers['dpop']).payload.nonce)
    expect(nonces).toEqual([undefined, 'nonce-1', 'nonce-1'])
  })

  test('is not made for ever when the server always wants another nonce', async () => {
    const { server, a, assertion } = await start()
    const answer = { status: 400, body: { error: 'use_dpop_nonce' }, headers: { 'dpop-nonce': 'n' } }
    server.nextAnswers.push(answer, answer, answer)
    const error = await refusal(a.acquireToken({ assertion, scopes: [] }))
    expect(error).toMatchObject({ code: 'token_request_failed', oauthError: 'use_dpop_nonce' })
    expect(server.tokenRequests).toHaveLength(2)
  })
})

describe('a token is refused', () => {
  test.each([
    ['of type Bearer', 'Bearer', { cnf: { jkt: thumbprint } }],
    ['bound to nothing', 'DPoP', {}],
    ['bound to another key', 'DPoP', { cnf: { jkt: sha256('another') } }],
    ['bound to something else', 'DPoP', { cnf: thumbprint }],
  ])('%s', async (_, tokenType, claims) => {
    const { server, a, assertion } = await start()
    const accessToken = server.delegate(assertion, '0oaApiA', [], claims)
    server.nextAnswers.push({ status: 200, body: { access_token: accessToken, token_type: tokenType } })
    const error = await refusal(a.acquireToken({ assertion, scopes: [] }))
    expect(error.code).toBe('token_invalid')
  })
})

test('the calls of API B carry the token with a proof for it, and the nonce that API B wants', async () => {
  const { server, client, assertion } = await start()
  const calls: IncomingHttpHeaders[] = []
  const b = await listen((request, response) => {
    calls.push(request.headers)
    const challenge = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'nonce-b' }
    if (calls.length === 1) reply(response, 401, '', challenge)
    else reply(response, 200, 'the orders')
  })
  onTestFinished(() => b.close())
  const a = client({ dpop: { privateKey }, allowedOrigins: [b.origin] })

  const response = await a.fetch(assertion, { scopes: [] })(`${b.origin}/orders?open=1`, { method: 'post' })

  expect(response.status).toBe(200)
  const { accessToken } = await a.acquireToken({ assertion, scopes: [] })
  expect(server.tokenRequests).toHaveLength(1)
  expect(calls.map(({ authorization }) => authorization)).toEqual([
    `DPoP ${accessToken}`,
    `DPoP ${accessToken}`,
  ])
  const [first, second] = calls.map((headers) => readProof(headers['dpop']).payload)
  expect(first).toMatchObject({ htm: 'POST', htu: `${b.origin}/orders`, ath: sha256(accessToken) })
  expect(second).toMatchObject({ nonce: 'nonce-b', ath: sha256(accessToken) })
  expect(second.jti).not.toBe(first.jti)
})

test('the calls of an API B that demands nonces get through, and are challenged once for each nonce', async () => {
  const { server, client, clock, assertion } = await start()
  const app = express()
  const b = await listen(app)
  onTestFinished(() => b.close())
  const refused: unknown[] = []
  const nonces = { keys: ['A'.repeat(43)], lifetimeSeconds: 60 }
  const verifier = createVerifier({
    issuer: server.issuer,
    jwksUri: `${server.issuer}/v1/keys`,
    audience: 'api://b',
    algorithms: ['EdDSA'],
    clock,
    dpop: { baseUrl: b.origin, nonces },
    onRefusal: ({ challengeError, detail }) => refused.push(challengeError ?? detail),
  })
  app.use(requireAccess(verifier), (_request, response) => {
    response.end('the orders')
  })
  const fetchB = client({ dpop: { privateKey }, allowedOrigins: [b.origin] }).fetch(assertion, { scopes: [] })
  const call = async () => (await fetchB(`${b.origin}/orders`)).text()

  expect([await call(), await call()]).toEqual(['the orders', 'the orders'])
  expect(refused).toEqual(['use_dpop_nonce'])
  clock.advance(60_000)
  expect(await call()).toBe('the orders')
  expect(refused).toEqual(['use_dpop_nonce', 'use_dpop_nonce'])
  expect(server.tokenRequests).toHaveLength(1)
})

test('tokens of clients with different keys do not meet in a store', async () => {
  const { server, client, assertion } = await start()
  const values = new Map<string, string>()
  const store = {
    get: async (name: string) => values.get(name),
    set: async (name: string, value: string) => values.set(name, value),
    delete: async (name: string) => values.delete(name),
  }
  await client({ dpop: { privateKey }, cache: { store } }).acquireToken({ assertion, scopes: [] })
  server.claims = {}
  const bearer = await client({ cache: { store } }).acquireToken({ assertion, scopes: [] })
  expect(bearer.tokenType).toBe('Bearer')
  expect(values.size).toBe(2)
})
