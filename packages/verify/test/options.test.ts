import { createVerifier, type VerifierOptions } from '@behalf/verify'
import { requireAccess as requireExpress } from '@behalf/verify/express'
import { requireAccess as requireFastify } from '@behalf/verify/fastify'
import { requireAccess as requireFetch } from '@behalf/verify/fetch'
import { requireAccess as requireHono } from '@behalf/verify/hono'
import { createLambdaAuthorizer } from '@behalf/verify/lambda-authorizer'
import { describe, expect, it } from 'vitest'
import { TestBed } from './setup.ts'

const good = { issuer: 'https://example.okta.com/oauth2/default', audience: 'api://b' }

/** Options as a program without types would pass them. */
function createFrom(options: unknown): unknown {
  return createVerifier(options as VerifierOptions)
}

describe('unusable options', () => {
  it('are refused at once, all of them, by name and without their values', () => {
    const options = {
      issuer: 'http://secret-host.example.com',
      accept: ['any'],
      requiredScope: ['orders:read'],
      allowedActors: [],
      dpop: { required: 'yes', typo: 1 },
      keys: { maxAgeMs: 0 },
    }
    expect(() => createFrom(options)).toThrowErrorMatchingInlineSnapshot(`
      [TypeError: createVerifier: the options are unusable
      - issuer: expected an https URL (http only on loopback and on hosts that insecureHosts names) without user information, query or fragment
      - accept: expected a list of kinds of tokens: delegated, user, machine, okta-token-exchange, okta-agent, at least one
      - allowedActors: expected a list of names, at least one
      - dpop.baseUrl: missing; expected an https URL (http only on loopback and on hosts that insecureHosts names) without user information, query or fragment
      - dpop.required: expected true or false
      - dpop.typo: unknown; expected one of baseUrl, required, proofWindowSeconds, replayCache, nonces
      - keys.maxAgeMs: expected a whole number, 1 or more
      - requiredScope: unknown; expected one of requiredScopes, issuer, issuers, audience, dialect, org, jwksUri, insecureHosts, algorithms, accept, allowedActors, allowedActorProfiles, refusedActorProfiles, assertionIssuers, maxActorDepth, subject, dpop, resourceMetadata, onRefusal, clockToleranceSeconds, maxTokenBytes, keys, revocation, verifiedTokens, fetch, clock, telemetry
      - audience: missing; expected a name or a list of names, at least one]
    `)
    expect(() => createFrom(options)).not.toThrow(/secret-host/)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', 'https://example.okta.com'],
    ['issuer undefined', { ...good, issuer: undefined }],
    ['issuer with a query', { ...good, issuer: 'https://example.okta.com/?x=1' }],
    ['issuer with a fragment', { ...good, issuer: 'https://example.okta.com/#x' }],
    ['no audience', { ...good, audience: [] }],
    ['an empty audience', { ...good, audience: '' }],
    ['an audience undefined', { ...good, audience: undefined }],
    ['scopes as text', { ...good, requiredScopes: 'orders:read' }],
    ['a scope with a quote', { ...good, requiredScopes: ['a"b'] }],
    ['a scope with a space', { ...good, requiredScopes: ['a b'] }],
    ['no scope', { ...good, requiredScopes: [] }],
    ['an assertion issuer that is no URL', { ...good, assertionIssuers: { okta: {} } }],
    ['no assertion issuer', { ...good, assertionIssuers: {} }],
    ['a mapping that is none', { ...good, assertionIssuers: { [good.issuer]: { subject: 'p|' } } }],
    ['a misspelt mapping', { ...good, assertionIssuers: { [good.issuer]: { subjects: { prefix: 'p|' } } } }],
    ['depth 0', { ...good, maxActorDepth: 0 }],
    ['a depth that is no number', { ...good, maxActorDepth: Number.NaN }],
    ['a negative tolerance', { ...good, clockToleranceSeconds: -1 }],
    ['a symmetric algorithm', { ...good, algorithms: ['HS256'] }],
    ['no algorithm', { ...good, algorithms: ['none'] }],
    ['dpop true', { ...good, dpop: true }],
    ['dpop without a base URL', { ...good, dpop: {} }],
    ['resource metadata with a quote', { ...good, resourceMetadata: 'https://b.example.com/"' }],
    ['keys elsewhere over http', { ...good, jwksUri: 'http://keys.example.com/' }],
    ['a fetch that is none', { ...good, fetch: {} }],
    ['a clock tolerance that forgives everything', { ...good, clockToleranceSeconds: 1_000_000_000 }],
    [
      'proofs of any age',
      { ...good, dpop: { baseUrl: 'https://b.example', proofWindowSeconds: 1_000_000_000 } },
    ],
    ['nonces without keys', { ...good, dpop: { baseUrl: 'https://b.example', nonces: { keys: [] } } }],
    [
      'nonces of short keys',
      { ...good, dpop: { baseUrl: 'https://b.example', nonces: { keys: ['secret'] } } },
    ],
    [
      'a store that cannot remember',
      { ...good, dpop: { baseUrl: 'https://b.example', replayCache: { store: new Map() } } },
    ],
    [
      'a store beside a cache of its own',
      {
        ...good,
        dpop: {
          baseUrl: 'https://b.example',
          replayCache: { store: { remember: () => true }, maxEntries: 1 },
        },
      },
    ],
    [
      'a time for a store that there is not',
      { ...good, dpop: { baseUrl: 'https://b.example', replayCache: { storeTimeoutMs: 100 } } },
    ],
    ['a member of a prototype', { ...good, constructor: 1 }],
  ])('include %s', (_, options) => {
    expect(() => createFrom(options)).toThrow(TypeError)
  })

  it('of a route are refused when the guard is made', () => {
    const verifier = createVerifier(good)
    const misspelt = { requiredScope: ['orders:read'] } as object
    for (const make of [requireExpress, requireFastify, requireFetch, requireHono, createLambdaAuthorizer])
      expect(() => make(verifier, misspelt)).toThrow(/requiredScope: unknown/)
    for (const make of [requireExpress, requireFastify, requireFetch, requireHono, createLambdaAuthorizer])
      expect(() => Reflect.apply(make, undefined, [{ requiredScopes: ['orders:read'] }])).toThrow(
        /the verifier: expected a verifier with authorize/,
      )
    const unknownFormat: object = { httpApiResponse: 'xml' }
    expect(() => createLambdaAuthorizer(verifier, unknownFormat)).toThrow(/httpApiResponse: expected/)
  })
})

it('accepts what it needs and no more', () => {
  expect(() => createVerifier(good)).not.toThrow()
  expect(() => createVerifier({ ...good, issuer: 'http://127.0.0.1:8080/oauth2/default' })).not.toThrow()
})

describe('plain http to another machine', () => {
  const host = 'okta.default.svc.cluster.local'
  const issuer = `http://${host}/oauth2/default`
  const insecure = {
    audience: 'api://b',
    issuer,
    jwksUri: `http://${host}:8080/keys`,
    assertionIssuers: { [issuer]: {} },
    dpop: { baseUrl: `http://${host}` },
  }

  it('is refused with a word on the switch', () => {
    for (const name of ['issuer', 'jwksUri', 'assertionIssuers', 'dpop.baseUrl'])
      expect(() => createVerifier(insecure)).toThrow(
        new RegExp(`- ${name}: .*http only on loopback and on hosts that insecureHosts names`),
      )
    expect(() => createVerifier({ audience: 'api://b', issuers: [{ issuer }] })).toThrow(
      /- issuers\[0\]\.issuer: .*insecureHosts/,
    )
  })

  it('is taken for the very hosts that are named', () => {
    expect(() => createVerifier({ ...insecure, insecureHosts: [host] })).not.toThrow()
    expect(() => createVerifier({ ...insecure, insecureHosts: ['svc.cluster.local'] })).toThrow(/issuer/)
    for (const insecureHosts of [[], host, [`http://${host}`], [`${host}:80`], ['*'], undefined])
      expect(() => createFrom({ ...good, insecureHosts })).toThrow(/- insecureHosts: expected a list of host/)
  })

  it('fetches the keys of the host that is named, and those of no other that its metadata names', async () => {
    const asked: string[] = []
    const statusWith = (jwksUri: string) =>
      createVerifier({
        issuer,
        audience: 'api://b',
        insecureHosts: [host],
        fetch: async (url) => {
          asked.push(String(url))
          return Response.json(
            String(url).includes('/.well-known/') ? { issuer, jwks_uri: jwksUri } : { keys: [] },
          )
        },
      }).loadKeys({ mayFail: true })
    await statusWith(`${issuer}/v1/keys`)
    expect(asked.at(-1)).toBe(`${issuer}/v1/keys`)
    expect((await statusWith('http://elsewhere.example/keys')).fault).toMatch(/plain http .*insecureHosts/)
    expect(asked.at(-1)).toMatch(/well-known/)
  })
})

describe('the options of one call', () => {
  const options = Object.assign({}, { requiredScopes: process.env['UNSET'] })
  const bed = TestBed.forFile()

  it.each<[string, object, string]>([
    ['undefined', options, '- requiredScopes: expected a list of scopes'],
    ['misspelt', { requiredScope: ['admin'] }, '- requiredScope: unknown; expected one of requiredScopes'],
  ])('that are %s are refused, since a check that was meant would be gone', async (_, faulty, fault) => {
    const verifier = bed.verifier()
    const request = { method: 'GET', url: '/', header: () => [`Bearer ${bed.delegated()}`] }
    await expect(Reflect.apply(verifier.verify, verifier, [bed.delegated(), faulty])).rejects.toThrow(fault)
    await expect(Reflect.apply(verifier.authorize, verifier, [request, faulty])).rejects.toThrow(fault)
  })

  it('that ask for nothing are fine', async () => {
    const verify = bed.verifier().verify
    const token = bed.delegated()
    await expect(verify(token, { requiredScopes: [] })).resolves.toBeDefined()
    await expect(Reflect.apply(verify, undefined, [token, { dpop: undefined }])).resolves.toBeDefined()
  })
})
