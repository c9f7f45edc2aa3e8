import { generateSigningKey, signJwt } from '@behalf/testing'
import { describe, expect, test } from 'vitest'
import { refusal, startFixture } from './support/fixture.ts'

const key = generateSigningKey('key-1', 'ES256')
const now = Date.UTC(2026, 10, 1) / 1000
const user = { iss: 'https://users.example', sub: 'ann@example.com', aud: 'api://a', exp: now + 3600 }
const good = signJwt(key, user)
const [header = '', payload = '', signature = ''] = good.split('.')

describe('an assertion that cannot succeed costs no token request', () => {
  test.each([
    ['nothing', '', 'assertion_malformed'],
    ['no JWT', 'opaque-token', 'assertion_malformed'],
    ['two parts', `${header}.${payload}`, 'assertion_malformed'],
    ['white space', ` ${good}`, 'assertion_malformed'],
    ['a line break', `${header}.${payload}.${signature}\r\n`, 'assertion_malformed'],
    ['padding', `${header}.${payload}=.${signature}`, 'assertion_malformed'],
    ['a parameter’s end', `${good}&scope=admin`, 'assertion_malformed'],
    ['a JWE', 'a.b.c.d.e', 'assertion_encrypted'],
    ['129 KiB', `${header}.${payload}.${'A'.repeat(132_096)}`, 'assertion_too_large'],
    ['no issuer', signJwt(key, { ...user, iss: undefined }), 'assertion_malformed'],
    ['no subject', signJwt(key, { ...user, sub: undefined }), 'assertion_subject_missing'],
    ['a subject that is no name', signJwt(key, { ...user, sub: 7 }), 'assertion_subject_missing'],
    ['the client itself as subject', signJwt(key, { ...user, sub: '0oaApiA' }), 'assertion_subject_machine'],
    ['no end', signJwt(key, { ...user, exp: undefined }), 'assertion_malformed'],
    ['an end that is no date', signJwt(key, { ...user, exp: '4102444800' }), 'assertion_malformed'],
    ['an end in the past', signJwt(key, { ...user, exp: now - 1 }), 'assertion_expired'],
    ['an end right now', signJwt(key, { ...user, exp: now }), 'assertion_expired'],
  ])('%s', async (_, assertion, code) => {
    const { server, client } = await startFixture()
    const error = await refusal(client().acquireToken({ assertion, scopes: [] }), '@example.com')
    expect(error).toMatchObject({ code, refusedBy: 'client' })
    expect(server.tokenRequests).toHaveLength(0)
    expect(server.metadataRequests).toBe(0)
  })

  test('something that is no string, with scopes that are no list', async () => {
    const { server, client } = await startFixture()
    const acquire: (request: never) => Promise<unknown> = client().acquireToken
    const call = (request: unknown): Promise<unknown> => Reflect.apply(acquire, undefined, [request])
    expect((await refusal(call({ scopes: [] }))).code).toBe('assertion_malformed')
    await expect(call({ assertion: good, scopes: 'orders:read' })).rejects.toThrow(TypeError)
    await expect(call({ assertion: good })).rejects.toThrow(/^acquireToken: scopes: expected a list/)
    expect(server.tokenRequests).toHaveLength(0)
  })
})

describe('expectedAudience', () => {
  test.each([
    ['one name', 'api://a', 'api://a', true],
    ['one of several names', ['api://other', 'api://a'], 'api://a', true],
    ['one name in a list', 'api://a', ['api://b', 'api://a'], true],
    ['another name', 'api://a', 'api://b', false],
    ['a longer name', 'api://a', 'api://ab', false],
    ['a shorter name', 'api://ab', 'api://a', false],
    ['another case', 'api://a', 'API://A', false],
    ['no name', 'api://a', undefined, false],
    ['an empty list', 'api://a', [], false],
    ['a nested list', 'api://a', [['api://a']], false],
    ['an object', 'api://a', { 'api://a': true }, false],
  ])('%s', async (_, expectedAudience, aud, accepted) => {
    const { server, client } = await startFixture()
    const call = client({ expectedAudience }).acquireToken({
      assertion: server.userToken({ aud }),
      scopes: [],
    })
    if (accepted) await call
    else expect((await refusal(call)).code).toBe('assertion_audience_mismatch')
    expect(server.tokenRequests).toHaveLength(accepted ? 1 : 0)
  })

  test('is not checked when it is left out', async () => {
    const { server, client } = await startFixture()
    await client().acquireToken({ assertion: server.userToken({ aud: 'api://b' }), scopes: [] })
    expect(server.tokenRequests).toHaveLength(1)
  })
})
