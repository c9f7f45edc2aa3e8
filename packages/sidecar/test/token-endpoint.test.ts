import type { ErrorCode } from '@behalf/core'
import { createVerifier } from '@behalf/verify'
import { describe, expect, it } from 'vitest'
import { createTokenEndpoint, type TokenRefusal } from '../src/index.ts'
import {
  accessTokenType,
  exchangeRequest,
  faultOf,
  jwtType,
  type Parameters,
  startWorld,
  type World,
} from './world.ts'

/** What the hook's denial becomes on its way through Okta. */
const denial = (code: ErrorCode) => ({
  status: 400,
  body: { error: 'server_error', error_description: `${code}: denied` },
})

describe('the token endpoint', () => {
  it('exchanges a verified subject token and answers as RFC 8693 says', async () => {
    const world = await startWorld()
    const subject = world.subject()
    const response = await world.endpoint()(
      exchangeRequest({ subject_token: subject, scope: 'orders:read', resource: 'api://b' }),
    )
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'content-type': 'application/json',
    })
    const answer = JSON.parse(await response.text())
    expect(answer).toEqual({
      access_token: expect.stringMatching(/^eyJ/),
      issued_token_type: accessTokenType,
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'orders:read',
    })
    const claims = JSON.parse(Buffer.from(answer.access_token.split('.')[1], 'base64url').toString())
    expect(claims).toMatchObject({ sub: 'ann@example.com', act: { sub: '0oaApiA' } })
    const [asked] = world.okta.tokenRequests
    expect(asked?.query.get('assertion')).toBe(subject)
    expect(asked?.query.get('assertion_resource')).toBe('api://b')
  })

  it('answers the same again from the cache, once it has verified the token again', async () => {
    const world = await startWorld()
    const exchange = world.endpoint()
    const ask = () => exchange(exchangeRequest({ subject_token: subject, scope: 'orders:read' }))
    const subject = world.subject()
    const first = JSON.parse(await (await ask()).text())
    world.clock.advance(100_000)
    expect(JSON.parse(await (await ask()).text())).toEqual({ ...first, expires_in: 200 })
    expect(world.okta.tokenRequests).toHaveLength(1)
    const forged = `${subject.slice(0, -6)}AAAAAA`
    expect(
      await faultOf(await exchange(exchangeRequest({ subject_token: forged, scope: 'orders:read' }))),
    ).toEqual([400, 'invalid_request', 'token_invalid'])
    expect(world.okta.tokenRequests).toHaveLength(1)
  })

  it('asks Okta once for all who ask for the same at once', async () => {
    const world = await startWorld()
    const exchange = world.endpoint()
    const subject = world.subject()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => exchange(exchangeRequest({ subject_token: subject }))),
    )
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1)
    expect(world.okta.tokenRequests).toHaveLength(1)
  })

  it('calls the token what the request calls it', async () => {
    const world = await startWorld()
    const request = {
      subject_token: world.subject(),
      subject_token_type: jwtType,
      requested_token_type: jwtType,
    }
    const answer = await world.endpoint()(exchangeRequest(request))
    expect(JSON.parse(await answer.text())).toMatchObject({
      issued_token_type: jwtType,
      token_type: 'Bearer',
    })
  })

  const refused: Readonly<Record<string, readonly [Parameters, string]>> = {
    'no grant type': [{ grant_type: undefined }, 'invalid_request'],
    'an empty grant type': [{ grant_type: '' }, 'invalid_request'],
    'another grant type': [{ grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    'no subject token': [{ subject_token: undefined }, 'invalid_request'],
    'no subject token type': [{ subject_token_type: undefined }, 'invalid_request'],
    'an ID token': [{ subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }, 'invalid_request'],
    'a wish for a refresh token': [
      { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      'invalid_request',
    ],
    'an actor token type alone': [{ actor_token_type: jwtType }, 'invalid_request'],
    'an actor token without its type': [{ actor_token: 'x' }, 'invalid_request'],
    'an actor token where none is taken': [
      { actor_token: 'x', actor_token_type: jwtType },
      'invalid_request',
    ],
    'two subject tokens': [{ subject_token: ['one', 'two'] }, 'invalid_request'],
    'an empty parameter beside a full one': [{ scope: ['', 'orders:read'] }, 'invalid_request'],
    'an unknown parameter twice': [{ tenant: ['a', 'b'] }, 'invalid_request'],
    'another target': [{ resource: 'api://c' }, 'invalid_target'],
    'another audience': [{ audience: 'api://c' }, 'invalid_target'],
    'a target beside another': [{ resource: ['api://b', 'api://c'] }, 'invalid_target'],
    'a target, and an audience beside it': [{ resource: 'api://b', audience: 'api://c' }, 'invalid_target'],
    'a target in other case': [{ resource: 'API://b' }, 'invalid_target'],
    'a name of the prototype': [{ resource: '__proto__' }, 'invalid_target'],
    'scopes with two blanks': [{ scope: 'orders:read  orders:write' }, 'invalid_scope'],
    'a scope with a quote': [{ scope: 'orders:"read"' }, 'invalid_scope'],
  }
  it.each(Object.entries(refused))('refuses %s and leaves Okta alone', async (_, [parameters, error]) => {
    const world = await startWorld()
    const response = await world.endpoint()(
      exchangeRequest({ subject_token: world.subject(), ...parameters }),
    )
    expect([response.status, JSON.parse(await response.text()).error]).toEqual([400, error])
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(world.okta.tokenRequests).toHaveLength(0)
  })

  it('takes one target that is named several times, and an audience in its place', async () => {
    const world = await startWorld()
    const exchange = world.endpoint()
    for (const named of [
      { resource: ['api://b', 'api://b'], audience: 'api://b' },
      { audience: 'api://b' },
      { resource: '' },
    ]) {
      expect((await exchange(exchangeRequest({ subject_token: world.subject(), ...named }))).status).toBe(200)
    }
  })

  const bodies: Readonly<Record<string, readonly [RequestInit, number]>> = {
    JSON: [{ headers: { 'content-type': 'application/json' }, body: '{}' }, 400],
    'another charset': [
      { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-16' }, body: 'a=b' },
      400,
    ],
    'bytes that are not UTF-8': [
      {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new Uint8Array([0x61, 0x3d, 0xff]),
      },
      400,
    ],
    'a body beyond the limit': [{ body: new URLSearchParams({ subject_token: 'x'.repeat(65_536) }) }, 413],
  }
  it.each(Object.entries(bodies))('refuses %s', async (_, [init, status]) => {
    const world = await startWorld()
    const response = await world.endpoint()(exchangeRequest({}, init))
    expect([response.status, JSON.parse(await response.text()).error]).toEqual([status, 'invalid_request'])
  })

  it('refuses other methods, and parameters in the URL', async () => {
    const world = await startWorld()
    const get = await world.endpoint()(new Request('http://127.0.0.1/token'))
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
    const url = 'http://127.0.0.1/token?subject_token=x'
    expect(
      (await world.endpoint()(exchangeRequest({ subject_token: world.subject() }, { url }))).status,
    ).toBe(400)
    expect(world.okta.tokenRequests).toHaveLength(0)
  })

  type Subject = (world: World) => string
  const subjects: Readonly<Record<string, readonly [Subject, string]>> = {
    'one that has ended': [(world) => world.subject({ exp: world.clock.seconds - 1 }), 'token_expired'],
    'one for another API': [(world) => world.subject({ aud: 'api://z' }), 'token_invalid'],
    'one of another issuer': [(world) => world.subject({ iss: 'https://evil.example' }), 'token_invalid'],
    'one that nobody signed': [
      (world) => world.subject().replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString('base64url')),
      'token_invalid',
    ],
    'no JWT': [() => 'opaque', 'token_invalid'],
    "a machine's": [
      (world) => world.subject({ sub: '0oaBatch', cid: '0oaBatch', uid: undefined, auth_time: undefined }),
      'assertion_subject_machine',
    ],
  }
  it.each(Object.entries(subjects))(
    'refuses a subject token: %s, before cache or Okta is touched',
    async (_, [subject, code]) => {
      const world = await startWorld()
      const client = world.client()
      const response = await world.endpoint({ client })(exchangeRequest({ subject_token: subject(world) }))
      expect(await faultOf(response)).toEqual([400, 'invalid_request', code])
      expect(client.statistics().calls).toBe(0)
      expect(world.okta.tokenRequests).toHaveLength(0)
    },
  )

  it.each<readonly [ErrorCode, number, string]>([
    ['policy_denied', 400, 'invalid_request'],
    ['client_not_permitted', 400, 'invalid_request'],
    ['actor_not_permitted', 400, 'invalid_request'],
    ['assertion_expires_soon', 400, 'invalid_request'],
    ['assertion_bound', 400, 'invalid_request'],
    ['scope_not_permitted', 400, 'invalid_scope'],
    ['resource_invalid', 400, 'invalid_target'],
    ['seal_required', 502, 'server_error'],
    ['request_unsupported', 502, 'server_error'],
    ['policy_unavailable', 503, 'temporarily_unavailable'],
    ['deadline_exceeded', 503, 'temporarily_unavailable'],
  ])('hands the denial %s on as %i %s', async (code, status, error) => {
    const world = await startWorld()
    world.okta.nextAnswers.push(denial(code), denial(code), denial(code))
    const response = await world.endpoint()(exchangeRequest({ subject_token: world.subject() }))
    expect(response.headers.get('retry-after')).toBe(status === 503 ? '5' : null)
    expect(await faultOf(response)).toEqual([status, error, code])
  })

  it('says what the user needs, when a policy does', async () => {
    const world = await startWorld()
    const told =
      'step_up_required: (acr_values=urn:okta:loa:2fa:any phr; max_age=900; scope=pay) Sign in again.'
    world.okta.nextAnswers.push({ status: 400, body: { error: 'server_error', error_description: told } })
    const response = await world.endpoint()(exchangeRequest({ subject_token: world.subject() }))
    expect(JSON.parse(await response.text())).toEqual({
      error: 'invalid_request',
      error_description: expect.stringMatching(/^step_up_required: /),
      acr_values: 'urn:okta:loa:2fa:any phr',
      max_age: 900,
      scope: 'pay',
    })
  })

  it('never hands a plain token on: 503', async () => {
    const world = await startWorld()
    world.okta.claims = { sub: '0oaApiA', act: undefined, assertion: undefined }
    const response = await world.endpoint()(exchangeRequest({ subject_token: world.subject() }))
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await faultOf(response)).toEqual([503, 'temporarily_unavailable', 'token_undelegated'])
  })

  it.each<readonly [string, number, object, number, string]>([
    ['is down', 503, {}, 503, 'temporarily_unavailable'],
    ['limits requests', 429, {}, 503, 'temporarily_unavailable'],
    ['does not know the scope', 400, { error: 'invalid_scope' }, 400, 'invalid_scope'],
    ["refuses the client's secret", 401, { error: 'invalid_client' }, 502, 'server_error'],
  ])('when Okta %s', async (_, oktas, body, status, error) => {
    const world = await startWorld()
    // So long a pause before another attempt is not waited for.
    world.okta.nextAnswers.push({ status: oktas, body, headers: { 'retry-after': '3600' } })
    const response = await world.endpoint()(exchangeRequest({ subject_token: world.subject() }))
    expect(await faultOf(response)).toEqual([status, error, 'token_request_failed'])
  })

  it('answers 503 while the keys of the subject token cannot be had', async () => {
    const world = await startWorld()
    const subject = world.subject()
    await world.users.close()
    expect(await faultOf(await world.endpoint()(exchangeRequest({ subject_token: subject })))).toEqual([
      503,
      'temporarily_unavailable',
      'keys_unavailable',
    ])
  })

  it('asks each target its own client, resource and scopes', async () => {
    const world = await startWorld()
    const other = world.client({ clientId: '0oaOther' })
    const exchange = world.endpoint({
      targets: {
        'api://b': { scopes: ['orders:read', 'orders:write'] },
        stock: { client: other, resource: 'api://stock', scopes: ['stock:read'] },
        legacy: { resource: false },
      },
    })
    const ask = async (parameters: Parameters) => {
      world.okta.audience = ({ query }) => query.get('assertion_resource') ?? 'api://b'
      const answer = await exchange(exchangeRequest({ subject_token: world.subject(), ...parameters }))
      return [answer.status, JSON.parse(await answer.text()).scope]
    }
    expect(await ask({ resource: 'api://b' })).toEqual([200, 'orders:read orders:write'])
    expect(await ask({ audience: 'stock', scope: 'stock:read' })).toEqual([200, 'stock:read'])
    expect(await ask({ resource: 'legacy', scope: 'any' })).toEqual([200, 'any'])
    const asked = world.okta.tokenRequests.map(({ query, headers }) => [
      Buffer.from(headers.authorization?.slice(6) ?? '', 'base64')
        .toString()
        .split(':')[0],
      query.get('assertion_resource'),
    ])
    expect(asked).toEqual([
      ['0oaApiA', 'api://b'],
      ['0oaOther', 'api://stock'],
      ['0oaApiA', null],
    ])
    expect(await ask({ resource: 'api://b', scope: 'orders:admin' })).toEqual([400, undefined])
    expect(await ask({})).toEqual([400, undefined])
    expect(world.okta.tokenRequests).toHaveLength(3)
  })

  it("takes the client's own actor token and no other", async () => {
    const world = await startWorld()
    const machine = (cid: string) =>
      world.subject({ aud: 'api://actors', sub: cid, cid, uid: undefined, auth_time: undefined })
    const actorVerifier = createVerifier({
      issuer: world.users.issuer,
      audience: 'api://actors',
      accept: ['machine'],
      clock: world.clock,
    })
    const exchange = world.endpoint({ actorVerifier })
    const ask = async (actor: string) =>
      exchange(
        exchangeRequest({ subject_token: world.subject(), actor_token: actor, actor_token_type: jwtType }),
      )
    expect(await faultOf(await ask(machine('0oaOther')))).toEqual([400, 'invalid_request', 'actor_mismatch'])
    expect(await faultOf(await ask('rubbish'))).toEqual([400, 'invalid_request', 'token_invalid'])
    expect(world.okta.tokenRequests).toHaveLength(0)
    expect((await ask(machine('0oaApiA'))).status).toBe(200)
  })

  it('tells the operator what it refuses, without tokens', async () => {
    const world = await startWorld()
    const refusals: TokenRefusal[] = []
    const exchange = world.endpoint({
      onRefusal: (refusal) => refusals.push(refusal),
      callers: { secrets: { gateway: 'gateway-secret-0123456789' } },
    })
    const headers = { authorization: `Basic ${btoa('gateway:gateway-secret-0123456789')}` }
    await exchange(exchangeRequest({ subject_token: 'opaque-rubbish' }, { headers }))
    expect(refusals).toMatchObject([{ status: 400, error: 'invalid_request', caller: 'gateway' }])
    expect(JSON.stringify(refusals) + String(refusals[0]?.cause)).not.toContain('opaque')
  })

  it('hands nothing on that was thrown', async () => {
    const world = await startWorld()
    const verifier = { ...world.verifier, verify: () => Promise.reject(new Error('with a secret')) }
    const response = await world.endpoint({ verifier })(exchangeRequest({ subject_token: world.subject() }))
    expect(response.status).toBe(500)
    expect(await response.text()).toBe(
      '{"error":"server_error","error_description":"the token endpoint failed"}',
    )
  })

  it('refuses unusable options, all at once', async () => {
    const world = await startWorld()
    const dpop = world.client({ dpop: { privateKey: world.users.key.privateKey.export({ format: 'jwk' }) } })
    const options = {
      verifier: {},
      targets: { 'api://b': { client: dpop, scopes: ['two words'] }, 'api://c': { unknown: 1 } },
      callers: 'certificate',
      baseUrl: 'http://sidecar.example',
      maxBodyBytes: 1,
      extra: true,
    }
    expect(() => Reflect.apply(createTokenEndpoint, undefined, [options])).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /verifier: .*\n.*baseUrl: .*\n.*maxBodyBytes: .*\n.*extra: unknown.*\n.*callers: .*\n.*"api:\/\/b".*scopes.*\n.*"api:\/\/b".*dpop.*\n.*"api:\/\/c".*unknown.*\n.*"api:\/\/c".*client: missing/,
        ),
      }),
    )
  })
})
