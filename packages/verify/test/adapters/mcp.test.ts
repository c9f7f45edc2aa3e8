import { listen } from '@behalf/testing'
import { type AcceptanceOptions, createVerifier, type OneIssuer, TokenError } from '@behalf/verify'
import { type McpErrorClasses, mcpTokenVerifier, protectedResource } from '@behalf/verify/mcp'
import { describe, expect, it } from 'vitest'
import { TestBed } from '../setup.ts'

const bed = TestBed.forFile()
const mcp = 'https://mcp.example/mcp'
const users = (options: Partial<AcceptanceOptions<'user'> & OneIssuer> = {}) =>
  createVerifier({ ...bed.options, audience: mcp, accept: ['user'], ...options })

/** The error classes of the SDK's first generation, which are nobody else's. */
class InvalidTokenError extends Error {}
class InsufficientScopeError extends Error {}
class AccessDeniedError extends Error {}
const errors: McpErrorClasses = { InvalidTokenError, InsufficientScopeError, AccessDeniedError }

async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('nothing was refused'),
    (error: unknown) => error,
  )
}

/** Whether the SDK's second generation takes a value for its `OAuthError`. */
function isMarked(value: unknown): boolean {
  const marks: unknown = Object(value)[Symbol.for('mcp.sdk.errorBrands')]
  return marks instanceof Set && marks.has('mcp.OAuthError')
}

describe('what the SDK is told of a token', () => {
  it('is the client, the scopes, the end, the resource and the user', async () => {
    const token = bed.user({ aud: mcp, scp: ['orders'] })
    expect(await mcpTokenVerifier(users()).verifyAccessToken(token)).toEqual({
      token,
      clientId: '0oaSpa',
      scopes: ['orders'],
      expiresAt: bed.clock.seconds + 300,
      resource: new URL(mcp),
      extra: { issuer: bed.options.issuer, subject: 'ann@example.com' },
    })
  })

  it('is the current actor as the client, where another server calls for its user', async () => {
    const verifier = mcpTokenVerifier(createVerifier(bed.options))
    const { clientId, extra } = await verifier.verifyAccessToken(bed.delegated())
    expect([clientId, extra.subject]).toEqual(['0oaApiA', 'ann@example.com'])
  })

  it.each([
    ['several', [mcp, 'https://other.example']],
    ['none that is a URL', 'mcp server'],
  ])('names no resource where a token has %s', async (_, aud) => {
    const verifier = mcpTokenVerifier(users({ audience: [mcp, 'mcp server'] }))
    expect(await verifier.verifyAccessToken(bed.user({ aud }))).not.toHaveProperty('resource')
  })
})

describe('a token that is refused', () => {
  const cases = [
    [
      'for another audience',
      {},
      () => bed.user({ aud: 'api://elsewhere' }),
      'invalid_token',
      'token_invalid',
    ],
    ['that has ended', {}, () => bed.user({ aud: mcp, exp: 1 }), 'invalid_token', 'token_expired'],
    ['of a machine', {}, () => bed.machine({ aud: mcp }), 'invalid_token', 'token_invalid'],
    ['that is none', {}, () => 'nonsense', 'invalid_token', 'token_invalid'],
    [
      'without a scope that the verifier wants',
      { requiredScopes: ['orders'] },
      () => bed.user({ aud: mcp, scp: ['other'] }),
      'insufficient_scope',
      'insufficient_scope',
    ],
    [
      'of a client that may not call',
      { allowedActors: ['0oaOther'] },
      () => bed.user({ aud: mcp }),
      'access_denied',
      'actor_not_allowed',
    ],
  ] as const

  it.each(cases)('%s is an error of the second generation', async (_, options, token, code, why) => {
    const told: string[] = []
    const verifier = mcpTokenVerifier(users(options), { onRefusal: (error) => told.push(error.code) })
    const error = await thrownBy(verifier.verifyAccessToken(token()))
    expect(isMarked(error)).toBe(true)
    expect(error).toMatchObject({ code, toResponseObject: expect.any(Function) })
    const body = Reflect.apply(Reflect.get(Object(error), 'toResponseObject'), error, [])
    expect(body).toEqual({ error: code, error_description: expect.stringMatching(/^[A-Za-z ]+$/) })
    expect(told).toEqual([why])
  })

  it.each(cases)('%s is an error of the first, by its own classes', async (_, options, token, code) => {
    const verifier = mcpTokenVerifier(users(options), { errors })
    const error = await thrownBy(verifier.verifyAccessToken(token()))
    const expected = {
      invalid_token: InvalidTokenError,
      insufficient_scope: InsufficientScopeError,
      access_denied: AccessDeniedError,
    }[code]
    expect(error).toBeInstanceOf(expected)
    expect(error).toMatchObject({ message: expect.stringMatching(/^[A-Za-z ]+$/) })
  })

  it('keeps neither token nor reason', async () => {
    const token = bed.user({ aud: 'api://elsewhere' })
    const error = await thrownBy(mcpTokenVerifier(users()).verifyAccessToken(token))
    expect(JSON.stringify([error, Object(error).message, Object(error).cause])).not.toMatch(
      /eyJ|audience|aud/,
    )
  })

  it('is none of those when the keys are out of reach, so that it is not taken for the token', async () => {
    const down = users({ fetch: () => Promise.reject(new Error('down')) })
    const error = await thrownBy(mcpTokenVerifier(down, { errors }).verifyAccessToken(bed.user({ aud: mcp })))
    expect(error).toBeInstanceOf(TokenError)
    expect([isMarked(error), Object(error).code]).toEqual([false, 'keys_unavailable'])
  })
})

it('refuses what is no verifier and unusable options, all at once', () => {
  const faulty = () =>
    // @ts-expect-error none of them is what is wanted
    mcpTokenVerifier({}, { errors: { InvalidTokenError }, onRefusal: 1, resource: mcp })
  expect(faulty).toThrow(/the verifier.*\n.*errors: expected.*\n.*onRefusal: expected.*\n.*resource: unknown/)
})

describe('protected resource metadata', () => {
  const options = {
    resource: mcp,
    authorizationServers: ['https://example.okta.com/oauth2/users'],
    scopesSupported: ['orders'],
    resourceName: 'Orders',
  }
  const document = {
    resource: mcp,
    authorization_servers: options.authorizationServers,
    bearer_methods_supported: ['header'],
    scopes_supported: ['orders'],
    resource_name: 'Orders',
  }

  it.each([
    [mcp, 'https://mcp.example/.well-known/oauth-protected-resource/mcp'],
    ['https://mcp.example/mcp/', 'https://mcp.example/.well-known/oauth-protected-resource/mcp'],
    ['https://mcp.example', 'https://mcp.example/.well-known/oauth-protected-resource'],
    ['http://127.0.0.1:3005/mcp', 'http://127.0.0.1:3005/.well-known/oauth-protected-resource/mcp'],
  ])('of %s is at %s', (resource, url) => {
    const { metadataUrl, metadataPath, metadata } = protectedResource({ ...options, resource })
    expect([metadataUrl, new URL(url).pathname]).toEqual([url, metadataPath])
    expect(metadata.resource).toBe(resource)
  })

  it.each(['respond', 'serve'] as const)('is what %s answers, to pages of any origin', async (way) => {
    const resource = protectedResource(options)
    await using server = await listen((request, response) => resource.serve(request, response))
    const ask = (method: string): Promise<Response> =>
      way === 'serve'
        ? fetch(server.origin, { method })
        : Promise.resolve(resource.respond(new Request(mcp, { method })))
    const got = await ask('GET')
    expect([got.status, got.headers.get('access-control-allow-origin'), await got.json()]).toEqual([
      200,
      '*',
      document,
    ])
    expect((await ask('OPTIONS')).headers.get('access-control-allow-headers')).toBe('*')
    expect((await ask('HEAD')).headers.get('content-type')).toBe('application/json')
    expect([(await ask('POST')).status, (await ask('PUT')).headers.get('allow')]).toEqual([
      405,
      'GET, HEAD, OPTIONS',
    ])
  })

  it('refuses what clients could not use, all at once', () => {
    const faulty = () =>
      protectedResource({
        resource: 'http://mcp.example',
        authorizationServers: [],
        scopesSupported: ['a b'],
      })
    expect(faulty).toThrow(
      /resource: expected.*\n.*authorizationServers: expected.*\n.*scopesSupported: expected/,
    )
  })
})
