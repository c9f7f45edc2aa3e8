import type { BehalfConfig } from '@behalf/hook'
import { delegatedClaims, type LooseObject } from '@behalf/testing'
import { HookBench } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'

const bench = await HookBench.startChain()
afterAll(() => bench.close())
const url = 'https://example.okta.com/oauth2/default/v1/token'

describe('the URL of the token request', () => {
  it.each([
    ['with its percent encoding', (token: string) => `?%61ssertion=${token.replaceAll('.', '%2e')}`],
    ['among others, broken ones too', (token: string) => `?a=%&b=%zz&assertion=${token}&c`],
    ['before a fragment', (token: string) => `?assertion=${token}#x`],
  ])('gives the assertion %s', async (_name, query) => {
    const { outcome } = await bench.send(bench.event({ url: url + query(bench.assertion()) }))
    expect(outcome).toBe('permit')
  })

  it.each([
    ['assertion_duplicated', (token: string) => `?assertion=${token}&assertion=${token}`],
    ['assertion_duplicated', (token: string) => `?assertion=${token}&ASSERTION=x`],
    ['assertion_malformed', (token: string) => `?assertion=${token}%`],
    ['request_malformed', (token: string) => `?assertion=${token}\t`],
  ])('is refused: %s', async (code, query) => {
    const { record } = await bench.send(bench.event({ url: url + query(bench.assertion()) }))
    expect(record.code).toBe(code)
  })
})

describe('the rest of that URL', () => {
  it.each([
    ['permit', (query: string) => `http://127.0.0.1:8090/oauth2/default/v1/token${query}`],
    [
      'request_malformed',
      (query: string) => `https://user:pw@example.okta.com/oauth2/default/v1/token${query}`,
    ],
    ['request_malformed', (query: string) => `https://user@example.okta.com/oauth2/default/v1/token${query}`],
    ['request_malformed', (query: string) => `https://:pw@example.okta.com/oauth2/default/v1/token${query}`],
    ['request_malformed', (query: string) => `https://[::1/oauth2/default/v1/token${query}`],
    ['request_malformed', (query: string) => `xhttps://example.okta.com/oauth2/default/v1/token${query}`],
    ['request_malformed', (query: string) => `https:\\\\example.okta.com/oauth2/default/v1/token${query}`],
    ['request_unsupported', (query: string) => `https://example.okta.com/oauth2/default/v1/tokens${query}`],
  ])('decides, too: %s', async (code, urlWith) => {
    const { record } = await bench.send(bench.event({ url: urlWith(`?assertion=${bench.assertion()}`) }))
    expect(record.code ?? record.decision).toBe(code)
  })

  it.each(['', '?assertions=x', '?my.assertion=x', '?x=assertion', '#x', '?a;b=c'])(
    'without an assertion is not one that is misspelt: %j',
    async (rest) => {
      const { outcome } = await bench.send(bench.event({ url: url + rest }), {
        missingAssertion: 'unchanged',
      })
      expect(outcome).toBe('unchanged')
    },
  )

  it.each([
    '?Assertion=x',
    '?assertion%3Dx',
    '?a=1&assertion%253Dx',
    '?assertion[]=x',
    '?assertion.x=1',
    '?a;assertion=x',
    '#assertion=x',
    '#a&assertion=x',
    '?x=1?assertion=x',
    '?a=b;%61ssertion=x',
    '?%25%36%31ssertion=x',
    '?%25252561ssertion=x',
    '?assertion%E2%80%8B=x',
    '?assertion%00=x',
    '?%61ssertion[%]=x',
  ])('that mentions one elsewhere is denied: %j', async (rest) => {
    const { record } = await bench.send(bench.event({ url: url + rest }), { missingAssertion: 'unchanged' })
    expect(record).toMatchObject({ code: 'assertion_missing' })
  })
})

describe('the number of parameters', () => {
  it.each([
    ['a=b', 'permit'],
    ['', 'permit'],
    ['%', 'permit'],
  ])('is limited, whatever they are: %j', async (parameter, outcome) => {
    const among = (count: number) => `?${`${parameter}&`.repeat(count - 1)}assertion=${bench.assertion()}`
    expect((await bench.send(bench.event({ url: url + among(4_096) }))).outcome).toBe(outcome)
    expect((await bench.send(bench.event({ url: url + among(4_097) }))).record).toMatchObject({
      code: 'request_malformed',
      step: 'extract',
      detail: 'the token request has more than 4096 parameters',
    })
  })
})

describe('the length of the URL', () => {
  it('is limited, with an assertion or without', async () => {
    const long = (length: number) => {
      const start = `${url}?assertion=${bench.assertion()}&x=`
      return start + 'x'.repeat(length - start.length)
    }
    const limits = { maxBodyBytes: 524_288 }
    expect((await bench.send(bench.event({ url: long(262_144) }), { limits })).outcome).toBe('permit')
    expect((await bench.send(bench.event({ url: long(262_145) }), { limits })).record).toMatchObject({
      code: 'request_malformed',
      step: 'recognise',
    })
    const longPath = `${url.replace('/v1', `/${'x'.repeat(8_192)}/v1`)}?assertion=${bench.assertion()}`
    expect((await bench.send(bench.event({ url: longPath }))).record.code).toBe('request_malformed')
  })
})

describe('the length of the assertion', () => {
  it('is limited to what is configured, to the character', async () => {
    const assertion = bench.assertion()
    const event = bench.event({ assertion })
    const at = (maxAssertionBytes: number) => bench.send(event, { limits: { maxAssertionBytes } })
    expect((await at(assertion.length)).outcome).toBe('permit')
    expect((await at(assertion.length - 1)).record).toMatchObject({
      code: 'assertion_too_large',
      step: 'verify',
      detail: `it is longer than ${assertion.length - 1} characters`,
    })
  })
})

describe('times', () => {
  const now = () => bench.clock.seconds
  it.each([
    ['permit', { exp: 1 }],
    ['assertion_expired', { exp: 0 }],
    ['permit', { nbf: 60 }],
    ['assertion_not_yet_valid', { nbf: 61 }],
    ['permit', { iat: 60 }],
    ['assertion_not_yet_valid', { iat: 61 }],
  ])('to the second: %s for %j from now', async (outcome, offsets) => {
    const claims = Object.fromEntries(Object.entries(offsets).map(([name, offset]) => [name, now() + offset]))
    expect((await bench.send(bench.event({ assertion: bench.assertion(claims) }))).outcome).toBe(outcome)
  })

  it('have the clock tolerance that the issuer is configured with, exp never any', async () => {
    const issuers = [{ issuer: bench.issuer.issuer, audiences: ['api://a'], clockToleranceSeconds: 0 }]
    const late = bench.event({ assertion: bench.assertion({ nbf: now() + 1 }) })
    expect((await bench.send(late, { issuers })).outcome).toBe('assertion_not_yet_valid')
    const lax = [{ issuer: bench.issuer.issuer, audiences: ['api://a'], clockToleranceSeconds: 300 }]
    const ended = bench.event({ assertion: bench.assertion({ exp: now() }) })
    expect((await bench.send(ended, { issuers: lax })).outcome).toBe('assertion_expired')
  })
})

describe('whose token it is', () => {
  it.each([
    ['assertion_subject_missing', { sub: '' }, 'sub is missing or unusable'],
    ['assertion_type_unsupported', { nonce: 'n' }, 'it has the claim nonce'],
    ['assertion_type_unsupported', { htm: 'GET' }, 'it has the claim htm'],
    [
      'assertion_type_unsupported',
      { uid: undefined },
      "nothing in it proves a user: its claim uid is not that of a user's token",
    ],
    ['assertion_type_unsupported', { act: { sub: '0oaFront' } }, undefined],
    ['assertion_subject_machine', { sub_profile: 'ai_agent' }, undefined],
    ['assertion_type_unsupported', { token_use: 'id' }, 'its claim token_use names another kind of token'],
    ['assertion_subject_machine', { sub: '0oaApiA' }, undefined],
    ['assertion_subject_machine', { sub: '0oaSpa' }, undefined],
    ['assertion_subject_machine', { gty: 'client-credentials' }, undefined],
  ])('%s for %j', async (code, claims, detail) => {
    const { record } = await bench.send(bench.event({ assertion: bench.assertion(claims) }))
    expect(record).toMatchObject({ code, step: 'verify', ...(detail === undefined ? {} : { detail }) })
    expect(record).not.toHaveProperty('subject')
  })

  it('is proven in the dialect of its issuer, whatever the header says', async () => {
    const bare = { cid: undefined, scp: undefined, uid: undefined, auth_time: undefined }
    for (const header of [{}, { typ: 'JWT' }, { typ: 'at+jwt' }]) {
      const event = bench.event({ assertion: bench.assertion(bare, header) })
      expect((await bench.send(event)).outcome).toBe('assertion_type_unsupported')
      const issuers = [
        { issuer: bench.issuer.issuer, audiences: ['api://a'], dialect: { userClaims: ['employee'] } },
      ]
      expect((await bench.send(event, { issuers })).outcome).toBe('assertion_type_unsupported')
      const named = bench.event({ assertion: bench.assertion({ ...bare, employee: 7 }, header) })
      expect((await bench.send(named, { issuers })).outcome).toBe('permit')
    }
  })

  it('is an access token where other issuers say so', async () => {
    const assertion = bench.assertion({ token_use: 'access', typ: 'Bearer' })
    expect((await bench.send(bench.event({ assertion }))).outcome).toBe('permit')
  })
})

describe('an assertion that is a delegated token itself', () => {
  const first = (changes: LooseObject = {}): LooseObject => ({
    iss: bench.issuer.issuer,
    sub: 'ann@example.com',
    exp: bench.clock.seconds + 3600,
    ...changes,
  })
  const sent = (changes: LooseObject, config: Partial<BehalfConfig> = {}) =>
    bench.send(bench.event({ assertion: bench.chained(changes) }), config)

  it('ends with what it was made from', async () => {
    const ends = bench.clock.seconds + 400
    const { claims, lifetimeSeconds } = await sent({ exp: ends + 9, assertion: first({ exp: ends }) })
    expect(lifetimeSeconds).toBe(400)
    expect(claims?.['assertion']).toMatchObject({ exp: ends })
    const { record } = await sent({ assertion: first({ exp: bench.clock.seconds }) })
    expect(record.code).toBe('assertion_expired')
  })

  it('conserves the claims of the first token, as they are, whatever the configuration selects', async () => {
    const assertion = first({ jti: 'AT.1', uid: '00u1', department: 'sales', may_act: { sub: '0oaApiA' } })
    const { claims, record } = await sent({ assertion, jti: 'AT.2' }, { claims: { include: [] } })
    const exp = bench.clock.seconds + 300
    expect(claims?.['assertion']).toEqual({ ...assertion, exp })
    expect(record).toMatchObject({ issuer: bench.issuer.issuer, assertionId: 'AT.2' })
  })

  it.each<[string, () => LooseObject, string]>([
    [
      'vouched for by nobody that is configured',
      () => ({ assertion: first({ iss: 'https://x.example/oauth2/x' }) }),
      'assertion_issuer_untrusted',
    ],
    [
      'vouched for by an issuer of delegated tokens',
      () => ({ assertion: first({ iss: bench.delegating.issuer }) }),
      'assertion_issuer_untrusted',
    ],
    ['whose sub is another', () => ({ sub: 'eve@example.com' }), 'assertion_type_unsupported'],
    ['whose actor is not its client', () => ({ cid: '0oaOther' }), 'actor_not_permitted'],
    [
      'whose actor another issuer vouches for',
      () => ({ act: { sub: '0oaFront', iss: 'https://x.example' } }),
      'actor_not_permitted',
    ],
    ['without an assertion', () => ({ assertion: undefined }), 'assertion_type_unsupported'],
    ['without an actor', () => ({ act: null, cid: '0oaFront' }), 'actor_not_permitted'],
    [
      'that is a plain machine token',
      () => ({ act: undefined, assertion: undefined, sub: '0oaFront', cid: '0oaFront' }),
      'assertion_subject_machine',
    ],
    [
      'whose may_act names another',
      () => ({ assertion: first({ may_act: { sub: '0oaFront' } }) }),
      'actor_not_permitted',
    ],
  ])('%s is denied', async (_, changes, code) => {
    const made = changes()
    const { act, ...others } = made
    const token =
      'act' in made && act === undefined
        ? bench.delegating.sign({
            ...delegatedClaims(bench.clock.seconds, { aud: 'api://a' }),
            ...others,
            act,
          })
        : bench.chained(made)
    expect((await bench.send(bench.event({ assertion: token }))).outcome).toBe(code)
  })
})

describe('users of several issuers', () => {
  const partner = 'https://partner.example/oauth2/users'
  const issuersWith = (subject: NonNullable<BehalfConfig['issuers'][number]['subject']>) => [
    { issuer: bench.issuer.issuer, audiences: ['api://a'], subject },
    { issuer: partner, audiences: ['api://a'] },
  ]

  it('do not meet: all but one are mapped, or no hook starts', async () => {
    const issuers = [
      { issuer: bench.issuer.issuer, audiences: ['api://a'] },
      { issuer: partner, audiences: ['api://a'] },
    ]
    await expect(bench.send(bench.event(), { issuers })).rejects.toThrow(/issuers\[1\]\.subject: is missing/)
    const org = issuers.map((issuer) => ({ ...issuer, org: 'example' }))
    expect((await bench.send(bench.event(), { issuers: org })).outcome).toBe('permit')
    const { claims, record } = await bench.send(bench.event(), { issuers: issuersWith({ prefix: 'staff|' }) })
    expect(claims).toMatchObject({ sub: 'staff|ann@example.com', assertion: { sub: 'ann@example.com' } })
    expect(record.subject).toBe('ann@example.com')
    const { claims: upper } = await bench.send(bench.event(), {
      issuers: issuersWith((sub) => sub.toUpperCase()),
    })
    expect(upper?.['sub']).toBe('ANN@EXAMPLE.COM')
  })

  it('are not called like a mapped user of another', async () => {
    const issuers = [
      { issuer: bench.issuer.issuer, audiences: ['api://a'] },
      { issuer: partner, audiences: ['api://a'], subject: { prefix: 'partner|' } },
    ]
    const named = bench.event({ assertion: bench.assertion({ sub: 'partner|ann' }) })
    expect((await bench.send(named, { issuers })).outcome).toBe('assertion_subject_missing')
  })

  it.each<[string, object[], RegExp]>([
    [
      'prefixes of which one begins another',
      [{ prefix: 'p' }, { prefix: 'p|' }],
      /subject\.prefix: begins with/,
    ],
    ['a prefix with blanks', [{ prefix: ' ' }], /subject: must be/],
  ])('are refused %s', async (_, subjects, message) => {
    const issuers = [
      ...subjects.map((subject, index) => ({
        issuer: `https://p${index}.example/oauth2/x`,
        audiences: ['api://a'],
        subject,
      })),
      { issuer: bench.issuer.issuer, audiences: ['api://a'] },
    ] as BehalfConfig['issuers']
    await expect(bench.send(bench.event(), { issuers })).rejects.toThrow(message)
  })

  it('whose tokens are bound to a key are denied, unless configured otherwise', async () => {
    const event = bench.event({ assertion: bench.assertion({ cnf: { jkt: 'thumb' } }) })
    expect((await bench.send(event)).outcome).toBe('assertion_bound')
    const { outcome, claims } = await bench.send(event, { boundAssertions: 'allow' })
    expect(outcome).toBe('permit')
    expect(claims?.['assertion']).not.toHaveProperty('cnf')
  })
})
