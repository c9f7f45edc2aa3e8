import { join } from 'node:path'
import {
  delegatedClaims,
  generateSigningKey,
  ManualClock,
  SealingPair,
  signJwt,
  TestIssuer,
  userClaims,
} from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { folderWith } from './behalf-process.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const key = generateSigningKey()
const clock = new ManualClock()
const now = clock.seconds

async function inspect(args: readonly string[], input = ''): Promise<{ code: number; text: string }> {
  const terminal = recordedTerminal({ clock, input })
  const code = await main(['inspect', ...args], terminal)
  return { code, text: [...terminal.stdout, ...terminal.stderr].join('\n') }
}

async function flawsOf(token: string, ...args: string[]): Promise<string[]> {
  const { text } = await inspect([token, '--json', ...args])
  return JSON.parse(text).flaws.map((flaw: { code: string }) => flaw.code)
}

describe('behalf inspect', () => {
  it('shows claims, times in words and the actor chain, and never the signature', async () => {
    const chain = { sub: '0oaApiB', sub_profile: 'service', act: { sub: '0oaApiA', sub_profile: 'service' } }
    const token = signJwt(key, delegatedClaims(now, { cid: '0oaApiB', act: chain }))
    const { code, text } = await inspect([token])
    expect(code).toBe(0)
    expect(text).toContain('A delegated token')
    expect(text).toMatch(/exp +\d+ {2}2026-11-01 00:05:00 UTC, in 5 min/)
    expect(text).toContain(
      [
        '  ann@example.com  the user',
        '  └─ 0oaApiB (service)  acts now; the only one to decide on',
        '     └─ 0oaApiA (service)  acted before; for audit only',
      ].join('\n'),
    )
    expect(text).toContain('the signature was not checked')
    expect(text).not.toContain(token.split('.')[2])
  })

  it('reads the token from standard input, white space and scheme aside', async () => {
    const token = signJwt(key, userClaims(now))
    expect(await inspect(['-'], `  Bearer ${token}\n`)).toMatchObject({
      code: 0,
      text: expect.stringContaining("A user's access token"),
    })
  })

  it("verifies with the issuer's keys", async () => {
    await using issuer = await TestIssuer.start()
    const token = issuer.sign(userClaims(now))
    const asked = ['--issuer', issuer.issuer, '--audience', 'api://a']
    expect(await inspect([token, ...asked])).toMatchObject({
      code: 0,
      text: expect.stringContaining("the signature is the issuer's"),
    })
    expect(await flawsOf(token, '--issuer', issuer.issuer, '--audience', 'api://b')).toEqual([
      'audience_mismatch',
    ])
    const forged = signJwt(generateSigningKey(), { ...userClaims(now), iss: issuer.issuer })
    expect(await flawsOf(forged, ...asked)).toEqual(['signature_invalid'])
    expect(await flawsOf(signJwt(key, { ...userClaims(now), iss: `${issuer.issuer}/` }), ...asked)).toEqual([
      'issuer_untrusted',
    ])
  })

  it('says when the keys cannot be had', async () => {
    const { code, text } = await inspect([
      signJwt(key, userClaims(now)),
      '--issuer',
      'http://127.0.0.1:9/oauth2/default',
    ])
    expect(code).toBe(1)
    expect(text).toMatch(
      /✗ the issuer's keys could not be obtained: the issuer's metadata could not be reached \(BAD_PORT: no web client asks[^\n]*\)\n {2}→ /,
    )
  })

  it.each([
    ['an expired token', {}, { exp: now }, ['expired']],
    ['one without an end', {}, { exp: undefined }, ['malformed', 'token_invalid']],
    ['one from the future', {}, { iat: now + 61 }, ['not_yet_valid']],
    ['no algorithm', { alg: 'none' }, {}, ['algorithm_unsupported']],
    ['no key', { kid: undefined }, {}, ['key_unknown']],
    ['an ID token by its type', { typ: 'id_token+jwt' }, {}, ['type_unsupported']],
    ['an actor that is not the client', {}, { cid: '0oaOther' }, ['actor_mismatch']],
    ['the subject of another', {}, { sub: 'bob@example.com' }, ['subject_mismatch']],
    [
      'an ended assertion',
      {},
      { assertion: { iss: 'i', sub: 'ann@example.com', exp: now - 1 } },
      ['token_expired'],
    ],
  ])('finds %s', async (_, header, claims, codes) => {
    expect(await flawsOf(signJwt(key, delegatedClaims(now, claims), header))).toEqual(codes)
  })

  it.each([
    ['abc', 'malformed'],
    ['a.b.c.d.e', 'encrypted'],
    ['x'.repeat(70_000), 'too_large'],
  ])('names what is no signed JWT', async (token, code) => {
    expect(await flawsOf(token)).toEqual([code])
  })

  it('lets no claim steer the terminal', async () => {
    const { text } = await inspect([
      signJwt(key, userClaims(now, { sub: '\u001b[2J\u202eevil', '\u0007': 1 })),
    ])
    expect(text).toContain('\\u001b[2J\\u202eevil')
    expect(text).not.toContain('\u001b')
    expect(text).not.toContain('\u0007')
  })

  it.each([[[]], [['a', 'b']], [['-', '--issuer', 'http://example.com']]])('refuses %j', async (args) => {
    expect((await inspect(args)).code).toBe(2)
  })
})

describe('behalf inspect of a sealed assertion', () => {
  const pair = new SealingPair('seal-1')
  const assertion = signJwt(key, userClaims(now))
  const payload = {
    assertion,
    client_id: '0oaApiA',
    aud: 'https://example.okta.com/oauth2/behalf',
    iat: now,
    jti: 'used-once',
  }

  /** Inspects with the private keys in a file. */
  async function inspectWith(keys: unknown, text: string, ...args: readonly string[]) {
    await using folder = await folderWith({ 'keys.json': JSON.stringify(keys) })
    return inspect([text, '--seal-key', join(folder.path, 'keys.json'), ...args])
  }

  it('says what it is, for which key, and that nobody else can open it', async () => {
    const { code, text } = await inspect([pair.seal(payload)])
    expect(code).toBe(0)
    expect(text).toContain('A sealed assertion')
    expect(text).toMatch(/kid +seal-1/)
    expect(text).toMatch(/the private half of the key seal-1; without that nobody can open it/)
    expect(text).not.toMatch(/eyJ|ann@example|0oaApiA/)
    // It was to be verified, and was not.
    expect((await inspect([pair.seal(payload), '--audience', 'api://a'])).code).toBe(1)
  })

  it.each([
    ['one key', pair.jwk],
    ['a set', { keys: [new SealingPair('other').jwk, pair.jwk] }],
  ])('opens it with %s, and shows the claims of the token in it but never the token', async (_, keys) => {
    const { code, text } = await inspectWith(
      keys,
      pair.seal({ ...payload, resource: 'https://orders.example' }),
    )
    expect(code).toBe(0)
    expect(text).toMatch(/client_id +0oaApiA/)
    expect(text).toMatch(/resource +https:\/\/orders\.example/)
    expect(text).toMatch(/it is taken until 2026-11-01 00:02:00 UTC, in 2 min/)
    expect(text).toContain("A user's access token")
    expect(text).toContain('ann@example.com')
    expect(text).not.toContain('eyJ')
    expect(text).not.toContain(pair.jwk.d)
  })

  it('gives one JSON document, without the token', async () => {
    const { text } = await inspectWith(pair.jwk, pair.seal(payload), '--json')
    const { assertion: inner, ...seal } = JSON.parse(text)
    expect(seal).toMatchObject({
      kind: 'sealed',
      content: { jti: 'used-once' },
      validUntil: now + 120,
      flaws: [],
    })
    expect(inner).toMatchObject({ kind: 'user', claims: { sub: 'ann@example.com' } })
    expect(text).not.toContain('eyJ')
    expect(JSON.parse((await inspect([pair.seal(payload), '--json'])).text)).not.toHaveProperty('content')
  })

  it('verifies the token in it', async () => {
    await using issuer = await TestIssuer.start()
    const inner = issuer.sign(userClaims(now))
    const asked = ['--issuer', issuer.issuer, '--audience', 'api://a']
    const good = await inspectWith(pair.jwk, pair.seal({ ...payload, assertion: inner }), ...asked)
    expect([good.code, good.text]).toEqual([0, expect.stringContaining("the signature is the issuer's")])
    const forged = signJwt(generateSigningKey(), { ...userClaims(now), iss: issuer.issuer })
    expect((await inspectWith(pair.jwk, pair.seal({ ...payload, assertion: forged }), ...asked)).code).toBe(1)
  })

  it.each([
    ['an old one', pair.seal({ ...payload, iat: now - 121 }), 'seal_expired'],
    ['one for another key', new SealingPair('seal-2').seal(payload), 'seal_key_unknown'],
    ['one with the name of another key', new SealingPair('seal-1').seal(payload), 'seal_invalid'],
    ['a compressed one', pair.seal(payload, { header: { zip: 'DEF' } }), 'seal_invalid'],
    ['one with a member that nobody knows', pair.seal({ ...payload, exp: now }), 'seal_invalid'],
  ])('finds %s', async (_, text, code) => {
    const found = await inspectWith(pair.jwk, text, '--json')
    expect(found.code).toBe(1)
    expect(JSON.parse(found.text).flaws.map((flaw: { code: string }) => flaw.code)).toEqual([code])
  })

  it('finds a spoilt header without any key', async () => {
    expect(await flawsOf(pair.seal(payload, { header: { crit: ['b64'] } }))).toEqual(['seal_invalid'])
  })

  it.each([
    [{ ...pair.jwk, d: undefined }, /--seal-key names is a public key/],
    ['no key', /--seal-key names must be a JWK|is no JWK/],
  ])('refuses a file that holds no private key: %#', async (keys, sentence) => {
    const { code, text } = await inspectWith(keys, pair.seal(payload))
    expect([code, text]).toEqual([2, expect.stringMatching(sentence)])
    expect((await inspect([pair.seal(payload), '--seal-key', 'none.json'])).code).toBe(2)
  })
})
