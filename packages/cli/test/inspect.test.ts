import {
  delegatedClaims,
  generateSigningKey,
  ManualClock,
  signJwt,
  TestIssuer,
  userClaims,
} from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
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
