import { dangerouslyAcceptAnyCaller } from '@behalf/hook'
import { generateSigningKey, type LooseObject, signJwt, TestIssuer } from '@behalf/testing'
import { HookBench } from '@behalf/testing/hook'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const bench = await HookBench.start()
afterAll(() => bench.close())

const withHeaders = (...headers: readonly (readonly [string, readonly string[]])[]) => ({
  headers: new Map(headers),
  body: JSON.stringify(bench.event()),
})

describe('a secret', () => {
  it.each([
    ['missing', [], 'the header authorization is missing'],
    ['no value', [['authorization', []]], 'the header authorization is missing'],
    ['empty', [['authorization', ['']]], 'the header authorization does not authenticate'],
    ['wrong', [['authorization', ['wrong']]], 'the header authorization does not authenticate'],
    [
      'longer',
      [['authorization', ['hook-secret-0123456789 ']]],
      'the header authorization does not authenticate',
    ],
    [
      'with a scheme',
      [['authorization', ['Bearer hook-secret-0123456789']]],
      'the header authorization does not authenticate',
    ],
    [
      'twice',
      [['authorization', ['hook-secret-0123456789', 'hook-secret-0123456789']]],
      'the header authorization was sent more than once',
    ],
    ['elsewhere', [['x-secret', ['hook-secret-0123456789']]], 'the header authorization is missing'],
  ] as const)('%s: denied, and the record says how', async (_name, headers, detail) => {
    const { outcome, record } = await bench.send(withHeaders(...headers))
    expect(outcome).toBe('caller_unauthenticated')
    expect(record).toMatchObject({ decision: 'deny', step: 'authenticate', detail })
    expect(record).not.toHaveProperty('client')
  })

  it('may be one of several while it is rotated, in a header of any name', async () => {
    const config = {
      authenticate: { header: 'X-Hook-Key', secrets: ['former-secret-0123456789', 'hook-secret-0123456789'] },
    }
    for (const secret of ['former-secret-0123456789', 'hook-secret-0123456789']) {
      const { outcome } = await bench.send(withHeaders(['x-hook-key', [secret]]), config)
      expect(outcome).toBe('permit')
    }
    const { outcome } = await bench.send(withHeaders(['authorization', ['former-secret-0123456789']]), config)
    expect(outcome).toBe('caller_unauthenticated')
  })

  it('is asked for before the body is read', async () => {
    const { outcome } = await bench.send({ headers: new Map(), body: '{' })
    expect(outcome).toBe('caller_unauthenticated')
  })

  it('is not asked for when the operator said so with the symbol', async () => {
    const { outcome } = await bench.send(withHeaders(), { authenticate: dangerouslyAcceptAnyCaller })
    expect(outcome).toBe('permit')
  })
})

describe('a bearer token', () => {
  let gatekeeper: TestIssuer
  beforeAll(async () => {
    gatekeeper = await TestIssuer.start()
  })
  afterAll(() => gatekeeper.close())

  const aboutAnother = 'the bearer token is not about the client itself: its sub is another'
  const notOwn = (claim: string): string =>
    `the bearer token is no access token of a client's own: it has the claim ${claim}`
  const good = (): LooseObject => ({
    aud: 'api://hook',
    cid: '0oaOkta',
    sub: '0oaOkta',
    scp: ['hook:call'],
    exp: bench.clock.seconds + 300,
  })
  const authenticate = (changes: object = {}) => ({
    bearer: {
      issuer: gatekeeper.issuer,
      audience: 'api://hook',
      clientIds: ['0oaOkta', '0oaOkta2'],
      scope: 'hook:call',
      ...changes,
    },
  })
  const sendWith = (value: string, changes: object = {}) =>
    bench.send(withHeaders(['authorization', [value]]), { authenticate: authenticate(changes) })

  it.each([
    ['as Okta sends it', {}],
    ['another of the clients', { cid: '0oaOkta2', sub: '0oaOkta2' }],
    ['client_id and scope', { cid: undefined, client_id: '0oaOkta', scp: undefined, scope: 'a hook:call' }],
    ['both names of the client', { client_id: '0oaOkta' }],
    ['the grant that it is of', { gty: 'client-credentials', grant_type: 'client_credentials' }],
  ])('%s: accepted', async (_name, changes) => {
    const { outcome } = await sendWith(`Bearer ${gatekeeper.sign({ ...good(), ...changes })}`)
    expect(outcome).toBe('permit')
  })

  it.each([
    ['of another client', { cid: '0oaOther' }, 'the bearer token is of another client'],
    ['of nobody', { cid: undefined }, 'the bearer token is of another client'],
    ['with names that disagree', { client_id: '0oaOther' }, 'the bearer token is of another client'],
    ['with names of two that may call', { client_id: '0oaOkta2' }, 'the bearer token is of another client'],
    ['issued to another party', { azp: '0oaOther' }, 'the bearer token is of another client'],
    ["of a user, by Okta's client", { sub: 'ann@example.com' }, aboutAnother],
    ['without a subject', { sub: undefined }, aboutAnother],
    ['about another client that may call', { sub: '0oaOkta2' }, aboutAnother],
    ['of a user whose name is the client id', { uid: '00u1' }, notOwn('uid')],
    ['delegated', { act: { sub: '0oaOkta' } }, notOwn('act')],
    ['that may be delegated', { may_act: { sub: '0oaOkta' } }, notOwn('may_act')],
    ['made from an assertion', { assertion: { sub: 'ann' } }, notOwn('assertion')],
    ['like an ID token', { nonce: 'n' }, notOwn('nonce')],
    ['like an ID token of the hybrid flow', { c_hash: 'x' }, notOwn('c_hash')],
    ['with the hash of an access token', { at_hash: 'x' }, notOwn('at_hash')],
    ['of a session', { auth_time: 1, sid: 's' }, notOwn('auth_time')],
    ['bound to a key', { cnf: { jkt: 'x' } }, notOwn('cnf')],
    ['with a person\u2019s name', { given_name: 'Ann' }, notOwn('given_name')],
    ['with an address that was verified', { email_verified: true }, notOwn('email_verified')],
    ['with a name to sign in by', { username: 'ann' }, notOwn('username')],
    ['with the hash of a device\u2019s secret', { ds_hash: 'x' }, notOwn('ds_hash')],
    ['that says it is of a user, as Entra does', { idtyp: 'user' }, notOwn('idtyp')],
    ['of another grant, as Auth0 says it', { gty: 'password' }, notOwn('gty')],
    ['of another grant', { grant_type: 'authorization_code' }, notOwn('grant_type')],
    ['that says it is an ID token', { token_use: 'id' }, notOwn('token_use')],
    ['that says it is of a user', { sub_profile: 'user' }, notOwn('sub_profile')],
    ['without the scope', { scp: ['hook:read'] }, 'the bearer token lacks the scope'],
    ['for another audience', { aud: 'api://a' }, 'the bearer token: audience_mismatch'],
    ['that ended', { exp: 1 }, 'the bearer token: expired'],
    ['of another issuer', { iss: 'https://evil.example' }, 'the bearer token: issuer_untrusted'],
  ])('%s: denied', async (_name, changes, detail) => {
    const { outcome, record } = await sendWith(`Bearer ${gatekeeper.sign({ ...good(), ...changes })}`)
    expect(outcome).toBe('caller_unauthenticated')
    expect(record).toMatchObject({ step: 'authenticate', detail })
  })

  it('that declares to be no access token is refused by its type', async () => {
    const token = gatekeeper.sign(good(), { typ: 'id_token+jwt' })
    const { outcome, record } = await sendWith(`Bearer ${token}`)
    expect([outcome, record.detail]).toEqual(['caller_unauthenticated', 'the bearer token: type_unsupported'])
  })

  it('needs no scope when none is configured', async () => {
    const { outcome } = await sendWith(`Bearer ${gatekeeper.sign({ ...good(), scp: undefined })}`, {
      scope: undefined,
    })
    expect(outcome).toBe('permit')
  })

  it.each(['', 'Bearer', 'Basic eA==', 'Bearer a b', 'garbage'])('%j is none', async (value) => {
    const { outcome, record } = await sendWith(value)
    expect(outcome).toBe('caller_unauthenticated')
    expect(record.detail).toBe('the header authorization holds no bearer token')
  })

  it.each(['Basic eA==, Bearer ', 'XBearer ', ' Bearer '])(
    'after %j is none, however good',
    async (before) => {
      const { outcome, record } = await sendWith(`${before}${gatekeeper.sign(good())}`)
      expect(outcome).toBe('caller_unauthenticated')
      expect(record.detail).toBe('the header authorization holds no bearer token')
    },
  )

  it('signed with a key of the issuer of assertions is not accepted, nor the assertion itself', async () => {
    const foreign = signJwt(generateSigningKey(), { iss: gatekeeper.issuer, ...good() })
    expect((await sendWith(`Bearer ${foreign}`)).outcome).toBe('caller_unauthenticated')
    expect((await sendWith(`Bearer ${bench.assertion()}`)).outcome).toBe('caller_unauthenticated')
  })

  it('whose keys are out of reach is denied as such, because comparing secrets would not help', async () => {
    gatekeeper.keysAnswer = { status: 500 }
    const { outcome, record } = await sendWith(`Bearer ${gatekeeper.sign(good())}`)
    gatekeeper.keysAnswer = undefined
    expect(outcome).toBe('keys_unavailable')
    expect(record.detail).toBe('those of the issuer of the bearer token')
  })
})
