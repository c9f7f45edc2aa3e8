import { delegatedClaims, TestIssuer, userClaims } from '@behalf/testing'
import { createVerifier, type VerifierOptions } from '@behalf/verify'
import { describe, expect, it } from 'vitest'
import { refusalOf, TestBed } from './setup.ts'

const bed = TestBed.forFile()
const machines = () => createVerifier({ ...bed.options, accept: ['machine'] })
const both = () => createVerifier({ ...bed.options, accept: ['delegated', 'machine'] })

describe('machine', () => {
  it('accepts a client in its own name', async () => {
    const access = await machines().verify(bed.machine())
    expect(access).toMatchObject({ kind: 'machine', client: '0oaApiA', scopes: ['orders:read'] })
    expect(access.expiresAt).toBe(bed.clock.seconds + 300)
  })

  it.each<[string, () => string]>([
    ['a delegated token', () => bed.delegated()],
    ["a user's own token", () => bed.user()],
    ["a user's own token whose login was chosen to be a client id", () => bed.user({ sub: '0oaSpa' })],
    ['a machine token that names an actor', () => bed.machine({ act: { sub: '0oaApiA' } })],
    ['a machine token that carries an assertion', () => bed.machine({ assertion: bed.assertion() })],
    ['a token without cid', () => bed.machine({ cid: undefined, sub: undefined })],
  ])('refuses %s', async (_, token) => {
    expect((await refusalOf(machines().verify(token()))).code).toBe('token_invalid')
  })

  it('holds to the allowed actors and the required scopes', async () => {
    const verifier = createVerifier({ ...bed.options, accept: ['machine'], allowedActors: ['0oaOther'] })
    expect((await refusalOf(verifier.verify(bed.machine()))).code).toBe('actor_not_allowed')
    const scoped = createVerifier({ ...bed.options, accept: ['machine'], requiredScopes: ['jobs:run'] })
    expect((await refusalOf(scoped.verify(bed.machine()))).code).toBe('insufficient_scope')
  })
})

describe('delegated and machine', () => {
  it('tells which it was', async () => {
    expect((await both().verify(bed.machine())).kind).toBe('machine')
    expect((await both().verify(bed.delegated())).kind).toBe('delegated')
  })

  it('asks only delegated tokens who issued their assertion', async () => {
    const assertionIssuers = { 'https://example.okta.com/oauth2/other': {} }
    const verifier = createVerifier({ ...bed.options, accept: ['delegated', 'machine'], assertionIssuers })
    expect((await verifier.verify(bed.machine())).kind).toBe('machine')
    expect((await refusalOf(verifier.verify(bed.delegated()))).code).toBe('token_invalid')
  })

  it.each<[string, () => string, string]>([
    ["a user's own token", () => bed.user(), 'token_undelegated'],
    ["a user's own token named like its client", () => bed.user({ sub: '0oaSpa' }), 'token_undelegated'],
    ['a forged actor', () => bed.delegated({ act: { sub: '0oaOther' } }), 'actor_mismatch'],
    ['an actor beside a machine', () => bed.machine({ act: { sub: '0oaApiA' } }), 'token_undelegated'],
    ['an assertion beside a machine', () => bed.machine({ assertion: {} }), 'token_undelegated'],
    [
      'a delegation of the client to itself',
      () => bed.machine({ act: { sub: '0oaApiA' }, assertion: bed.assertion({ sub: '0oaApiA' }) }),
      'token_undelegated',
    ],
    ['a null actor beside a machine', () => bed.machine({ act: null }), 'token_undelegated'],
    ['an ended assertion', () => bed.delegated({ assertion: bed.assertion({ exp: 1 }) }), 'token_expired'],
  ])('never takes %s for a machine', async (_, token, code) => {
    expect((await refusalOf(both().verify(token()))).code).toBe(code)
  })
})

it('is delegated unless told otherwise', async () => {
  const verifier = createVerifier(bed.options)
  const error = await refusalOf(verifier.verify(bed.machine()))
  expect([error.code, error.status]).toEqual(['token_undelegated', 401])
  expect((await refusalOf(verifier.verify(bed.user()))).code).toBe('token_undelegated')
})

describe('user', () => {
  const users = () => createVerifier({ ...bed.options, accept: ['user'] })

  it("accepts a person's own token, and says by whom it was vouched for", async () => {
    const access = await users().verify(bed.user())
    const { issuer } = bed.issuer
    expect(access).toMatchObject({
      kind: 'user',
      subject: 'ann@example.com',
      client: '0oaSpa',
      user: { issuer, subject: 'ann@example.com' },
    })
  })

  it.each<[string, () => string]>([
    ['a delegated token, as an API that exchanges would pass on again', () => bed.delegated()],
    ['a delegated token that names a user id', () => bed.delegated({ uid: '00uAnn' })],
    ['a machine token', () => bed.machine()],
    ['a token without a user id', () => bed.user({ uid: undefined })],
    ['a token of an agent', () => bed.user({ sub_profile: 'ai_agent' })],
    ['an ID token', () => bed.user({ nonce: 'n-0S6' })],
    ['a token without a client', () => bed.user({ cid: undefined })],
  ])('refuses %s', async (_, token) => {
    expect((await refusalOf(users().verify(token()))).code).toBe('token_invalid')
  })
})

describe('several issuers', () => {
  it('are each read as what they issue', async () => {
    await using users = await TestIssuer.start()
    const { issuer: own, ...options } = bed.options
    const verifier = createVerifier({
      ...options,
      accept: ['user', 'delegated'],
      issuers: [
        { issuer: users.issuer, tokens: 'user' },
        { issuer: own, tokens: 'delegated' },
      ],
    })
    const userToken = users.sign(userClaims(bed.clock.seconds, { aud: 'api://b' }))
    expect((await verifier.verify(userToken)).kind).toBe('user')
    expect((await verifier.verify(bed.delegated())).kind).toBe('delegated')
    // What the one issues the other does not.
    expect((await refusalOf(verifier.verify(bed.user()))).code).toBe('token_undelegated')
    const swapped = users.sign(delegatedClaims(bed.clock.seconds))
    expect((await refusalOf(verifier.verify(swapped))).code).toBe('token_invalid')
  })

  it('call one person alike, by whatever token, and no two of them', async () => {
    await using ours = await TestIssuer.start(bed.issuer.keys)
    await using theirs = await TestIssuer.start(bed.issuer.keys)
    const { issuer: own, ...options } = bed.options
    const verifier = createVerifier({
      ...options,
      accept: ['user', 'delegated'],
      issuers: [
        { issuer: ours.issuer, tokens: 'user' },
        { issuer: theirs.issuer, tokens: 'user' },
        { issuer: own, tokens: 'delegated' },
      ],
      assertionIssuers: { [ours.issuer]: {}, [theirs.issuer]: { subject: { prefix: 'p|' } } },
    })
    const signedIn = (issuer: TestIssuer, sub: string) =>
      verifier.verify(issuer.sign(userClaims(bed.clock.seconds, { aud: 'api://b', sub })))
    const delegated = (sub: string, iss: string) =>
      verifier.verify(bed.delegated({ sub, assertion: bed.assertion({ iss, sub: 'ann' }) }))
    const ann = { subject: 'ann', user: { issuer: ours.issuer, subject: 'ann' } }
    const namesake = { subject: 'p|ann', user: { issuer: theirs.issuer, subject: 'ann' } }
    expect(await signedIn(ours, 'ann')).toMatchObject(ann)
    expect(await delegated('ann', ours.issuer)).toMatchObject(ann)
    expect(await signedIn(theirs, 'ann')).toMatchObject(namesake)
    expect(await delegated('p|ann', theirs.issuer)).toMatchObject(namesake)
    expect((await refusalOf(signedIn(ours, 'p|ann'))).code).toBe('token_invalid')
  })

  it('grant in the words of their dialects', async () => {
    await using entra = await TestIssuer.start(bed.issuer.keys)
    const { issuer: _, ...options } = bed.options
    const verifier = createVerifier({
      ...options,
      accept: ['user'],
      issuer: entra.issuer,
      dialect: 'entra',
      requiredScopes: ['orders:read'],
    })
    const person = { cid: undefined, azp: 'web', oid: 'o1', tid: 't1', aud: 'api://b' }
    const token = (scp: unknown) => entra.sign(userClaims(bed.clock.seconds, { ...person, scp }))
    expect((await verifier.verify(token('access orders:read'))).scopes).toEqual(['access', 'orders:read'])
    expect((await refusalOf(verifier.verify(token('orders')))).code).toBe('insufficient_scope')
  })

  it('have audiences of their own', async () => {
    await using other = await TestIssuer.start()
    const { issuer: own, audience: _, ...options } = bed.options
    const verifier = createVerifier({
      ...options,
      issuers: [
        { issuer: own, audience: 'api://b' },
        { issuer: other.issuer, audience: 'api://old-b' },
      ],
    })
    expect((await verifier.verify(bed.delegated())).kind).toBe('delegated')
    const old = other.sign(delegatedClaims(bed.clock.seconds, { aud: 'api://old-b' }))
    expect((await verifier.verify(old)).issuer).toBe(other.issuer)
    const mixed = other.sign(delegatedClaims(bed.clock.seconds))
    expect((await refusalOf(verifier.verify(mixed))).detail).toContain('audience')
  })
})

describe('tokens of Okta without the hook', () => {
  const from = (tokens: 'okta-token-exchange' | 'okta-agent') =>
    createVerifier({ ...bed.options, accept: [tokens] })

  it('by its token exchange look like a user’s own, so the actor is inferred', async () => {
    const access = await from('okta-token-exchange').verify(bed.user({ cid: '0oaServiceApp' }))
    expect(access).toMatchObject({
      kind: 'okta-token-exchange',
      subject: 'ann@example.com',
      actor: { sub: '0oaServiceApp' },
      actorInferred: true,
    })
  })

  it('for agents name the agent, with what it is', async () => {
    const act = {
      sub: 'wlp8x5q1',
      sub_profile: 'ai_agent',
      act: { sub: '0oaWebApp', sub_profile: 'service' },
    }
    const access = await from('okta-agent').verify(bed.user({ act }))
    expect(access).toMatchObject({
      kind: 'okta-agent',
      actor: { sub_profile: 'ai_agent' },
      actorInferred: false,
    })
    expect(access.actors.map(({ sub }) => sub)).toEqual(['wlp8x5q1', '0oaWebApp'])
  })

  it.each<[string, 'okta-token-exchange' | 'okta-agent', () => string]>([
    ['the exchange: a delegated token', 'okta-token-exchange', () => bed.delegated({ uid: '00uAnn' })],
    ['the exchange: a machine token', 'okta-token-exchange', () => bed.machine()],
    ['agents: a user’s own token', 'okta-agent', () => bed.user()],
    ['agents: a delegated token', 'okta-agent', () => bed.delegated()],
    ['agents: an actor that does not say what it is', 'okta-agent', () => bed.user({ act: { sub: 'x' } })],
  ])('as %s is refused', async (_, tokens, token) => {
    const { code } = await refusalOf(from(tokens).verify(token()))
    expect(['token_invalid', 'token_undelegated']).toContain(code)
  })
})

describe('kinds that leave something open are refused', () => {
  const create = (options: object) => () => createVerifier({ ...bed.options, ...options } as VerifierOptions)

  it.each<[string, object, RegExp]>([
    ['no kind', { accept: [] }, /accept: expected a list of kinds/],
    ['an unknown kind', { accept: ['users'] }, /accept: expected a list of kinds/],
    ['several kinds of one issuer', { accept: ['user', 'delegated'] }, /issuers\[0\]\.tokens: missing/],
    ['issuer and issuers', { issuers: [{ issuer: 'https://a.example/oauth2/a' }] }, /not both/],
    [
      'a dialect beside issuers',
      { issuer: undefined, issuers: [{ issuer: 'https://a.example/oauth2/a' }], dialect: 'okta' },
      /issuer: expected/,
    ],
  ])('%s', (_, options, message) => {
    expect(create(options)).toThrow(message)
  })

  it('a kind that nobody issues, one that is not accepted, a repeated issuer, an unknown dialect', () => {
    const { issuer: _, ...options } = bed.options
    const a = 'https://a.example/oauth2/a'
    const b = 'https://idp.example'
    const refused = (issuers: object[], accept: string[]) => () =>
      createVerifier({ ...options, issuers, accept } as unknown as VerifierOptions)
    expect(refused([{ issuer: a, tokens: 'user' }], ['user', 'delegated'])).toThrow(
      /accept: .*issues delegated/,
    )
    expect(refused([{ issuer: a, tokens: 'user' }], ['delegated'])).toThrow(/tokens: expected a kind/)
    expect(refused([{ issuer: a }, { issuer: a }], ['delegated'])).toThrow(/issuers\[1\].issuer: .*one entry/)
    expect(refused([{ issuer: b }], ['user'])).toThrow(/issuers\[0\].dialect: missing/)
    expect(refused([{ issuer: b, dialect: 'oktaa' }], ['user'])).toThrow(/issuers\[0\].dialect: expected/)
    expect(refused([{ issuer: b, dialect: 'keycloak' }], ['okta-token-exchange'])).toThrow(/expected okta/)
  })
})

describe('what the current actor is', () => {
  const acting = (profile: string | undefined) =>
    bed.delegated({ act: { iss: bed.issuer.issuer, sub: '0oaApiA', sub_profile: profile } })

  it('can be demanded', async () => {
    const verifier = bed.verifier({ allowedActorProfiles: ['service'] })
    expect((await verifier.verify(acting('service'))).actor.sub_profile).toBe('service')
    for (const profile of ['ai_agent', undefined])
      expect((await refusalOf(verifier.verify(acting(profile)))).code).toBe('actor_not_allowed')
  })

  it('can be refused', async () => {
    const verifier = bed.verifier({ refusedActorProfiles: ['ai_agent'] })
    expect((await verifier.verify(acting('service'))).kind).toBe('delegated')
    expect((await verifier.verify(acting(undefined))).kind).toBe('delegated')
    expect((await refusalOf(verifier.verify(acting('ai_agent')))).code).toBe('actor_not_allowed')
  })

  it('is vouched for by the token’s own issuer', async () => {
    const act = { iss: 'https://evil.example/oauth2/x', sub: '0oaApiA', sub_profile: 'service' }
    expect((await refusalOf(bed.verifier().verify(bed.delegated({ act })))).code).toBe('actor_mismatch')
  })
})
