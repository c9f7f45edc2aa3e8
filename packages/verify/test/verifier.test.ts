import type { LooseObject } from '@behalf/testing'
import { generateSigningKey, signHmacJwt, signJwt } from '@behalf/testing'
import type { TokenError, TokenErrorCode } from '@behalf/verify'
import { describe, expect, it } from 'vitest'
import { refusalOf, TestBed } from './setup.ts'

const bed = TestBed.forFile()

describe('a delegated token', () => {
  it('says for whom, by whom, with which scopes and until when', async () => {
    const token = bed.delegated({
      act: { sub: '0oaApiA', sub_profile: 'service', act: { sub: '0oaGateway' } },
    })
    const access = await bed.verifier().verify(token)

    expect(access.kind).toBe('delegated')
    expect(access.subject).toBe('ann@example.com')
    expect(access.actor.sub).toBe('0oaApiA')
    expect(access.actors.map(({ sub }) => sub)).toEqual(['0oaApiA', '0oaGateway'])
    expect(access.scopes).toEqual(['orders:read'])
    expect(access.assertion['cid']).toBe('0oaSpa')
    expect(access.claims['jti']).toBe('AT.delegated-token')
    expect(access.expiresAt).toBe(bed.clock.seconds + 300)
    expect(access.token).toBe(token)
  })

  it('ends with the assertion when that ends first', async () => {
    const token = bed.delegated({ assertion: bed.assertion({ exp: bed.clock.seconds + 60 }) })
    expect((await bed.verifier().verify(token)).expiresAt).toBe(bed.clock.seconds + 60)
  })

  it('is accepted for one of several audiences of the API', async () => {
    const verifier = bed.verifier({ audience: ['api://other', 'api://b'] })
    await expect(verifier.verify(bed.delegated({ aud: ['api://x', 'api://b'] }))).resolves.toBeDefined()
  })
})

describe('a kept subject', () => {
  it('is the client, and the assertion names the user; a token of the other kind is refused', async () => {
    const kept = bed.verifier({ subject: 'keep' })
    await expect(kept.verify(bed.delegated({ sub: '0oaApiA' }))).resolves.toMatchObject({
      subject: 'ann@example.com',
      actor: { sub: '0oaApiA' },
    })
    expect((await refusalOf(kept.verify(bed.delegated()))).code).toBe('subject_mismatch')
    expect((await refusalOf(kept.verify(bed.machine()))).code).toBe('token_undelegated')
    const notTold = bed.verifier().verify(bed.delegated({ sub: '0oaApiA' }))
    expect((await refusalOf(notTold)).code).toBe('token_undelegated')
  })
})

describe('is refused', () => {
  const now = bed.clock.seconds
  const cases: readonly [string, LooseObject, TokenErrorCode][] = [
    ['another issuer', { iss: 'https://other.example.com' }, 'token_invalid'],
    ['no issuer', { iss: undefined }, 'token_invalid'],
    ['another audience', { aud: 'api://c' }, 'token_invalid'],
    ['an audience that begins like this one', { aud: 'api://b2' }, 'token_invalid'],
    ['a token that has expired', { exp: now }, 'token_expired'],
    ['a token without exp', { exp: undefined }, 'token_invalid'],
    ['a token of the future', { nbf: now + 61 }, 'token_invalid'],
    ['a token issued in the future', { iat: now + 61 }, 'token_invalid'],
    ['no act', { act: undefined }, 'token_undelegated'],
    ['no assertion', { assertion: undefined }, 'token_undelegated'],
    ['act that is null', { act: null }, 'token_invalid'],
    ['act that is a string', { act: '0oaApiA' }, 'token_invalid'],
    ['act without sub', { act: {} }, 'token_invalid'],
    ['an actor that is not the client', { act: { sub: '0oaOther' } }, 'actor_mismatch'],
    [
      'an inner actor that is the client',
      { act: { sub: '0oaOther', act: { sub: '0oaApiA' } } },
      'actor_mismatch',
    ],
    ['no cid', { cid: undefined }, 'actor_mismatch'],
    ['the client as its own subject', { sub: '0oaApiA' }, 'token_undelegated'],
    ['another subject than the assertion', { sub: 'bob@example.com' }, 'subject_mismatch'],
    ['no subject', { sub: undefined }, 'token_invalid'],
    ['an assertion that has ended', { assertion: bed.assertion({ exp: now }) }, 'token_expired'],
    ['an assertion without exp', { assertion: bed.assertion({ exp: undefined }) }, 'token_invalid'],
    ['an assertion without iss', { assertion: bed.assertion({ iss: undefined }) }, 'token_invalid'],
    ['scp that is a string', { scp: 'orders:read' }, 'token_invalid'],
    ['scp with numbers', { scp: [1] }, 'token_invalid'],
    ['scope that is a list', { scp: undefined, scope: ['orders:read'] }, 'token_invalid'],
    ['a binding to a key, without DPoP', { cnf: { jkt: 'x' } }, 'token_invalid'],
    ['a binding to a certificate', { cnf: { 'x5t#S256': 'x' } }, 'token_invalid'],
    ['a binding that is null', { cnf: null }, 'token_invalid'],
  ]
  it.each(cases)('%s', async (_, claims, code) => {
    expect((await refusalOf(bed.verifier().verify(bed.delegated(claims)))).code).toBe(code)
  })

  it('a chain of more actors than allowed', async () => {
    const act = { sub: '0oaApiA', act: { sub: 'b', act: { sub: 'c' } } }
    const error = await refusalOf(bed.verifier({ maxActorDepth: 2 }).verify(bed.delegated({ act })))
    expect([error.code, error.status]).toEqual(['actor_chain_too_deep', 403])
    await expect(bed.verifier({ maxActorDepth: 3 }).verify(bed.delegated({ act }))).resolves.toBeDefined()
  })

  it.each<[string, () => string, TokenErrorCode]>([
    ['nothing', () => '', 'token_missing'],
    ['garbage', () => 'garbage', 'token_invalid'],
    ['an issuer with a slash more', () => bed.delegated({ iss: `${bed.issuer.issuer}/` }), 'token_invalid'],
    ['an encrypted token', () => 'a.b.c.d.e', 'token_invalid'],
    ['a token beyond the limit', () => `${bed.delegated()}${'A'.repeat(16_384)}`, 'token_invalid'],
    ['a signature of another key', () => signForeign(), 'token_invalid'],
    ['an HMAC', () => signHmacJwt('secret', { iss: bed.issuer.issuer }, { kid: 'key-1' }), 'token_invalid'],
  ])('%s', async (_, token, code) => {
    expect((await refusalOf(bed.verifier().verify(token()))).code).toBe(code)
  })

  function signForeign(): string {
    return signJwt(generateSigningKey(), { iss: bed.issuer.issuer, aud: 'api://b', exp: now + 60 })
  }
})

describe('allowed actors', () => {
  const verifier = () => bed.verifier({ allowedActors: ['0oaApiA'] })

  it('may act', async () => {
    await expect(verifier().verify(bed.delegated())).resolves.toMatchObject({ actor: { sub: '0oaApiA' } })
  })

  it('are the outermost only', async () => {
    const token = bed.delegated({ cid: '0oaEvil', act: { sub: '0oaEvil', act: { sub: '0oaApiA' } } })
    const error = await refusalOf(verifier().verify(token))
    expect([error.code, error.status, error.challengeError]).toEqual(['actor_not_allowed', 403, undefined])
  })
})

describe('whose users may be acted for', () => {
  const okta = 'https://example.okta.com/oauth2/default'
  const partner = 'https://partner.example/oauth2/users'
  const of = (iss: string, subject: string, sub = subject): string =>
    bed.delegated({ sub, assertion: bed.assertion({ iss, sub: subject }) })
  const codes = async (verifier: ReturnType<TestBed['verifier']>, token: string): Promise<string> =>
    verifier.verify(token).then(
      ({ user }) => `${user.issuer} ${user.subject}`,
      (error: TokenError) => error.code,
    )

  it('is those of the issuers that are named, and of no other', async () => {
    const verifier = bed.verifier({ assertionIssuers: { [okta]: {} } })
    expect(await codes(verifier, of(okta, 'ann'))).toBe(`${okta} ann`)
    const error = await refusalOf(verifier.verify(of(partner, 'ann')))
    expect([error.code, error.detail]).toEqual(['token_invalid', "its assertion's issuer is not allowed"])
  })

  it('tells the same name of two issuers apart, by the user and by the mapped subject', async () => {
    const verifier = bed.verifier({
      assertionIssuers: { [okta]: {}, [partner]: { subject: { prefix: 'p|' } } },
    })
    const ours = await verifier.verify(of(okta, 'ann'))
    const theirs = await verifier.verify(of(partner, 'ann', 'p|ann'))
    expect([ours.subject, theirs.subject]).toEqual(['ann', 'p|ann'])
    expect([ours.user, theirs.user]).toEqual([
      { issuer: okta, subject: 'ann' },
      { issuer: partner, subject: 'ann' },
    ])
    // Unmapped, mapped though it is not to be, and called like one that is mapped.
    expect(await codes(verifier, of(partner, 'ann'))).toBe('subject_mismatch')
    expect(await codes(verifier, of(okta, 'ann', 'p|ann'))).toBe('subject_mismatch')
    expect(await codes(verifier, of(okta, 'p|ann'))).toBe('subject_mismatch')
  })

  it('goes through the same function as at the hook', async () => {
    const verifier = bed.verifier({ assertionIssuers: { [partner]: { subject: (sub) => `${sub}@partner` } } })
    expect(await codes(verifier, of(partner, 'ann', 'ann@partner'))).toBe(`${partner} ann`)
    expect(await codes(verifier, of(partner, 'ann'))).toBe('subject_mismatch')
  })

  it('is nobody’s whom an issuer of delegated tokens vouches for, even where it is named', async () => {
    const own = bed.issuer.issuer
    const chain = { sub: '0oaApiA', act: { sub: '0oaWeb' } }
    const laundered = bed.delegated({ act: chain, assertion: bed.assertion({ iss: own }) })
    expect(await codes(bed.verifier(), laundered)).toBe('token_invalid')
    const naming = bed.verifier({ assertionIssuers: { [okta]: {}, [own]: {} } })
    expect(await codes(naming, laundered)).toBe('token_invalid')
    // One server for both APIs, and no chain.
    const single = bed.delegated({ assertion: bed.assertion({ iss: own }) })
    expect(await codes(bed.verifier(), single)).toBe(`${own} ann@example.com`)
  })

  it('is nobody’s whom a function calls like another issuer’s user', async () => {
    const third = 'https://third.example/oauth2/default'
    const verifier = bed.verifier({
      assertionIssuers: {
        [partner]: { subject: { prefix: 'p|' } },
        [third]: { subject: (sub) => `p|${sub}` },
      },
    })
    expect(await codes(verifier, of(third, 'ann', 'p|ann'))).toBe('subject_mismatch')
  })

  it('has one prefix for the issuers that vouch for the same people', async () => {
    const subject = { prefix: 'p|' }
    const verifier = bed.verifier({ assertionIssuers: { [okta]: { subject }, [partner]: { subject } } })
    expect(await codes(verifier, of(okta, 'ann', 'p|ann'))).toBe(`${okta} ann`)
  })

  it.each([
    ...['p|ann', 'P|ann', 'ｐ|ann'].map((name) => [name, 'subject_mismatch']),
    ...['\u200bp|ann', 'p\u00ad|ann'].map((name) => [name, 'token_invalid']),
  ])('is nobody’s whose own name looks like that of another issuer’s user: %j', async (name, code) => {
    const verifier = bed.verifier({
      assertionIssuers: { [okta]: {}, [partner]: { subject: { prefix: 'p|' } } },
    })
    expect(await codes(verifier, of(okta, name, name))).toBe(code)
  })

  it('refuses prefixes of which one begins another', () => {
    const assertionIssuers = {
      [okta]: { subject: { prefix: 'p' } },
      [partner]: { subject: { prefix: 'p|' } },
    }
    expect(() => bed.verifier({ assertionIssuers })).toThrow(
      /partner.*prefix: expected one that begins with no other/,
    )
  })
})

describe('scopes', () => {
  const verifier = () => bed.verifier({ requiredScopes: ['orders:read'] })

  it.each<[string, LooseObject]>([
    ['in scp', { scp: ['x', 'orders:read'] }],
    ['in scope, where there is no scp', { scp: undefined, scope: 'x orders:read' }],
  ])('are found %s', async (_, claims) => {
    await expect(verifier().verify(bed.delegated(claims))).resolves.toBeDefined()
  })

  it.each<[string, LooseObject]>([
    ['scp lacks one', { scp: ['orders:write'] }],
    ['only scope has it, which anybody may set, and scp has not', { scp: [], scope: 'orders:read' }],
    ['there is none at all', { scp: undefined }],
    ['one differs by case', { scp: ['Orders:read'] }],
    ['one only begins like it', { scp: ['orders:read:all'] }],
  ])('are insufficient when %s', async (_, claims) => {
    const error = await refusalOf(verifier().verify(bed.delegated(claims)))
    expect([error.code, error.status]).toEqual(['insufficient_scope', 403])
  })

  it.each<[LooseObject, string[]]>([
    [{ scp: ['a', 'b'] }, ['a', 'b']],
    [{ scp: undefined, scope: 'a b' }, ['a', 'b']],
    [{ scp: undefined, scope: ' a  b ' }, ['a', 'b']],
    [{ scp: undefined, scope: '' }, []],
    [{ scp: undefined }, []],
  ])('of %j are %j', async (claims, scopes) => {
    expect((await bed.verifier().verify(bed.delegated(claims))).scopes).toEqual(scopes)
  })

  it('of a call come on top of the verifier’s own', async () => {
    const requiredScopes = ['orders:write']
    expect((await refusalOf(verifier().verify(bed.delegated(), { requiredScopes }))).code).toBe(
      'insufficient_scope',
    )
    const only = bed.delegated({ scp: ['orders:write'] })
    expect((await refusalOf(verifier().verify(only, { requiredScopes }))).code).toBe('insufficient_scope')
    const both = bed.delegated({ scp: ['orders:write', 'orders:read'] })
    await expect(verifier().verify(both, { requiredScopes })).resolves.toBeDefined()
  })
})

it('refuses tokens beyond its limit, and takes longer ones where that was raised', async () => {
  const long = bed.delegated({ padding: 'x'.repeat(20_000) })
  expect((await refusalOf(bed.verifier().verify(long))).code).toBe('token_invalid')
  await expect(bed.verifier({ maxTokenBytes: 65_536 }).verify(long)).resolves.toBeDefined()
  const short = bed.verifier({ maxTokenBytes: 100 }).verify(bed.delegated())
  expect((await refusalOf(short)).code).toBe('token_invalid')
})
