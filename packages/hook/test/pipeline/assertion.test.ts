import { HookBench } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'

const bench = await HookBench.start()
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
      { cid: undefined, scp: undefined },
      'it names neither a client nor a scope',
    ],
    ['assertion_type_unsupported', { token_use: 'id' }, 'its claim token_use names another kind of token'],
    ['assertion_subject_machine', { sub: '0oaApiA' }, undefined],
    ['assertion_subject_machine', { sub: '0oaSpa' }, undefined],
    ['assertion_subject_machine', { gty: 'client-credentials' }, undefined],
  ])('%s for %j', async (code, claims, detail) => {
    const { record } = await bench.send(bench.event({ assertion: bench.assertion(claims) }))
    expect(record).toMatchObject({ code, step: 'verify', ...(detail === undefined ? {} : { detail }) })
    expect(record).not.toHaveProperty('subject')
  })

  it.each([
    ['is a bare assertion of RFC 7523', { uid: undefined, auth_time: undefined }, {}, 'permit'],
    ['is declared no more than a JWT', { amr: ['pwd'] }, { typ: 'JWT' }, 'assertion_type_unsupported'],
    ['is declared an access token', { amr: ['pwd'] }, { typ: 'at+jwt' }, 'permit'],
    ['could as well be an ID token', { amr: ['pwd'] }, {}, 'assertion_type_unsupported'],
  ])('with neither client nor scope it %s', async (_, claims, header, outcome) => {
    const assertion = bench.assertion(
      { cid: undefined, scp: undefined, auth_time: undefined, ...claims },
      header,
    )
    expect((await bench.send(bench.event({ assertion }))).outcome).toBe(outcome)
  })

  it('is an access token where other issuers say so', async () => {
    const assertion = bench.assertion({ token_use: 'access', typ: 'Bearer' })
    expect((await bench.send(bench.event({ assertion }))).outcome).toBe('permit')
  })
})

describe('an assertion that is a delegated token itself', () => {
  const chained = (originEndsIn: unknown) =>
    bench.assertion({
      act: { sub: '0oaFront' },
      assertion: {
        iss: bench.issuer.issuer,
        sub: 'ann@example.com',
        exp: typeof originEndsIn === 'number' ? bench.clock.seconds + originEndsIn : originEndsIn,
      },
    })

  it('ends with what it was made from', async () => {
    const { claims, lifetimeSeconds } = await bench.send(bench.event({ assertion: chained(400) }))
    expect(lifetimeSeconds).toBe(400)
    expect(claims?.['assertion']).toMatchObject({ exp: bench.clock.seconds + 400 })
    const { record } = await bench.send(bench.event({ assertion: chained(0) }))
    expect(record).toMatchObject({
      code: 'assertion_expired',
      detail: 'what the assertion was made from has ended',
    })
  })
})
