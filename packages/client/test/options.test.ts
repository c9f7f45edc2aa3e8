import { type ClientOptions, clientSecretBasic, createClient, privateKeyJwt } from '@behalf/client'
import { generateSigningKey } from '@behalf/testing'
import { describe, expect, test } from 'vitest'
import { assertNoLeak, refusal, startFixture } from './support/fixture.ts'
import { HastyClock } from './support/hasty-clock.ts'

const good = {
  issuer: 'https://example.okta.com/oauth2/default',
  clientId: '0oaApiA',
  auth: clientSecretBasic('secret'),
}
const sealKey = { ...generateSigningKey('seal', 'ES256').publicKey.export({ format: 'jwk' }), kid: 'seal' }
const create: (options: never) => unknown = createClient

/** The faults that a set of options is refused with. */
function faultsOf(options: unknown): readonly string[] {
  try {
    Reflect.apply(create, undefined, [options])
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    assertNoLeak(error, 'wrong-value')
    return error.message.split('\n- ').slice(1)
  }
  return []
}

test('every option is good', () => {
  const options: ClientOptions = {
    ...good,
    resource: 'https://orders.example',
    seal: { jwksUri: 'https://hook.example/.well-known/jwks.json' },
    dpop: { privateKey: generateSigningKey('k', 'ES256').privateKey.export({ format: 'jwk' }) },
    tokenEndpoint: 'https://login.example/token',
    expectedAudience: ['api://a'],
    allowedOrigins: ['https://b.example', 'http://localhost:3000'],
    insecureHosts: ['b.default.svc.cluster.local'],
    cache: {
      maxEntries: 1,
      maxBytes: 65_536,
      renewBeforeSeconds: 0,
      store: { get: async () => undefined, set: async () => undefined, delete: async () => undefined },
      encryptionKeys: [new Uint8Array(32), Buffer.alloc(32).toString('base64')],
      storeTimeoutMs: 1,
    },
    timeoutMs: 1,
    onWarning: () => undefined,
    fetch: globalThis.fetch,
    clock: { now: Date.now, schedule: () => () => undefined },
    random: Math.random,
  }
  expect(faultsOf(options)).toEqual([])
  expect(faultsOf({ ...options, seal: { key: sealKey } })).toEqual([])
})

test('all faults are named at once, without values', () => {
  const faults = faultsOf({
    issuer: 'http://example.okta.com/wrong-value',
    auth: clientSecretBasic(undefined),
    expectedAudience: undefined,
    allowedOrigin: 'wrong-value',
    cache: { renewBeforeSeconds: '60', ttl: 1 },
  })
  expect(faults.map((fault) => fault.split(':').slice(0, 2).join(':'))).toEqual([
    'issuer: expected an https URL (http only on loopback and on hosts that insecureHosts names) without user information, query or fragment',
    'clientId: missing; expected a client id',
    'expectedAudience: expected a name or a list of names, at least one; leave it out to check none',
    'cache.renewBeforeSeconds: expected a whole number from 0 to 3600',
    'cache.ttl: unknown; expected one of maxEntries, maxBytes, renewBeforeSeconds, store, encryptionKeys, storeTimeoutMs',
    'allowedOrigin: unknown; expected one of issuer, clientId, auth, resource, seal, dpop, tokenEndpoint, expectedAudience, subject, allowedOrigins, insecureHosts, cache, timeoutMs, onWarning, fetch, clock, random, telemetry',
    'auth: clientSecretBasic',
  ])
})

test.each<[string, object]>([
  ['issuer', { issuer: 'https://example.okta.com/?x=1' }],
  ['issuer', { issuer: 'https://user:pw@example.okta.com' }],
  ['issuer', { issuer: 'example.okta.com' }],
  ['issuer', { issuer: 7 }],
  ['clientId', { clientId: '' }],
  ['clientId', { clientId: ' 0oaApiA' }],
  ['auth', { auth: 'wrong-value' }],
  ['auth', { auth: null }],
  ['auth', { auth: privateKeyJwt({ privateKey: 'wrong-value' }) }],
  ['seal', { seal: 'wrong-value' }],
  ['seal', { seal: {} }],
  ['seal', { seal: { key: sealKey, jwksUri: 'https://hook.example/.well-known/jwks.json' } }],
  ['seal.jwksUri', { seal: { jwksUri: undefined } }],
  ['seal.jwksUri', { seal: { jwksUri: 'http://hook.example/.well-known/jwks.json' } }],
  ['seal.required', { seal: { key: sealKey, required: 'wrong-value' } }],
  ['seal.key', { seal: { key: undefined } }],
  ['seal.key', { seal: { key: 'wrong-value' } }],
  ['seal.key', { seal: { key: { ...sealKey, d: 'wrong-value' } } }],
  ['seal.key', { seal: { key: { ...sealKey, kid: undefined } } }],
  ['seal.key', { seal: { key: { ...sealKey, use: 'sig' } } }],
  ['seal.key', { seal: { key: { ...sealKey, alg: 'RSA-OAEP' } } }],
  ['seal.key', { seal: { key: { ...sealKey, crv: 'P-384' } } }],
  ['seal.key', { seal: { key: { ...sealKey, x: sealKey.y } } }],
  ['dpop', { dpop: 'wrong-value' }],
  ['dpop.privateKey', { dpop: { privateKey: 'wrong-value' } }],
  ['tokenEndpoint', { tokenEndpoint: 'http://b.example/token' }],
  ['expectedAudience', { expectedAudience: [] }],
  ['expectedAudience', { expectedAudience: '' }],
  ['allowedOrigins', { allowedOrigins: 'https://b.example' }],
  ['allowedOrigins', { allowedOrigins: ['https://b.example/'] }],
  ['allowedOrigins', { allowedOrigins: ['https://b.example/orders'] }],
  ['allowedOrigins', { allowedOrigins: ['http://b.example'] }],
  ['allowedOrigins', { allowedOrigins: ['*'] }],
  ['allowedOrigins', { allowedOrigins: ['null'] }],
  ['insecureHosts', { insecureHosts: [] }],
  ['insecureHosts', { insecureHosts: 'b' }],
  ['insecureHosts', { insecureHosts: ['http://b'] }],
  ['insecureHosts', { insecureHosts: ['b:3002'] }],
  ['insecureHosts', { insecureHosts: ['*'] }],
  ['timeoutMs', { timeoutMs: 0 }],
  ['timeoutMs', { timeoutMs: 1.5 }],
  ['timeoutMs', { timeoutMs: Number.POSITIVE_INFINITY }],
  ['onWarning', { onWarning: 'wrong-value' }],
  ['fetch', { fetch: undefined }],
  ['clock', { clock: Date }],
  ['subject', { subject: 'sub' }],
  ['random', { random: 0.5 }],
  ['cache', { cache: null }],
  ['cache', { cache: 'wrong-value' }],
  ['cache.maxEntries', { cache: { maxEntries: 0 } }],
  ['cache.maxBytes', { cache: { maxBytes: 1 } }],
  ['cache.store', { cache: { store: new Set() } }],
  ['cache.storeTimeoutMs', { cache: { storeTimeoutMs: 0 } }],
  ['cache.encryptionKeys', { cache: { store: new Map(), encryptionKeys: [] } }],
  ['cache.encryptionKeys', { cache: { store: new Map(), encryptionKeys: ['wrong-value'] } }],
  ['cache.encryptionKeys', { cache: { store: new Map(), encryptionKeys: [new Uint8Array(16)] } }],
  ['cache.encryptionKeys', { cache: { encryptionKeys: [new Uint8Array(32)] } }],
])('%s is refused when it is %j', (path, options) => {
  const faults = faultsOf({ ...good, ...options })
  expect(faults).toHaveLength(1)
  expect(faults[0]?.startsWith(`${path}: `)).toBe(true)
})

test.each([[undefined], [null], ['wrong-value'], [[]]])('options that are %j are refused', (options) => {
  expect(faultsOf(options).length).toBeGreaterThan(0)
})

describe('plain http to another machine', () => {
  const host = 'api-b.default.svc.cluster.local'
  const insecure = {
    issuer: `http://${host}/oauth2/default`,
    tokenEndpoint: `http://${host}:8080/token`,
    seal: { jwksUri: `http://${host}:3001/.well-known/jwks.json` },
    allowedOrigins: [`http://${host}:3002`],
  }

  test('is refused with a word on the switch', () => {
    const faults = faultsOf({ ...good, ...insecure })
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'issuer',
      'seal.jwksUri',
      'tokenEndpoint',
      'allowedOrigins',
    ])
    for (const fault of faults)
      expect(fault).toMatch(/http only on loopback and on hosts that insecureHosts names/)
  })

  test('is taken for the very hosts that are named', () => {
    expect(faultsOf({ ...good, ...insecure, insecureHosts: [host] })).toEqual([])
    expect(faultsOf({ ...good, ...insecure, insecureHosts: ['default.svc.cluster.local'] })).toHaveLength(4)
  })

  test('goes to the host that is named, with its metadata, and to no other', async () => {
    const { server } = await startFixture()
    const assertion = server.userToken()
    const issuer = `http://${host}/oauth2/default`
    const asked: string[] = []
    const client = (tokenEndpoint: string) =>
      createClient({
        ...good,
        issuer,
        insecureHosts: [host],
        clock: new HastyClock(),
        fetch: async (url) => {
          asked.push(String(url).split('?')[0] ?? '')
          return String(url).includes('/.well-known/')
            ? Response.json({ issuer, token_endpoint: tokenEndpoint })
            : Response.json({ error: 'invalid_client' }, { status: 401 })
        },
      })
    const ask = (tokenEndpoint: string) =>
      refusal(client(tokenEndpoint).acquireToken({ assertion, scopes: [] }))
    expect(await ask(`${issuer}/v1/token`)).toMatchObject({ oauthError: 'invalid_client' })
    expect(asked.at(-1)).toBe(`${issuer}/v1/token`)
    const elsewhere = await ask('http://elsewhere.example/token')
    expect(elsewhere.detail).toMatch(/plain http to another machine; .*insecureHosts/)
    expect(asked.at(-1)).toMatch(/well-known/)
  })
})

test('a client does not print its secret', () => {
  assertNoLeak(createClient({ ...good, auth: clientSecretBasic('wrong-value') }), 'wrong-value')
  assertNoLeak(clientSecretBasic('wrong-value'), 'wrong-value')
})
