import { type BehalfConfig, ConfigError, createHook, type Delegation, type Hook } from '@behalf/hook'
import { authzen } from '@behalf/hook/authzen'
import { cedar } from '@behalf/hook/cedar'
import { generateSigningKey, type LooseObject, ManualClock, TestIssuer, userClaims } from '@behalf/testing'
import { hookSecret } from '@behalf/testing/hook'
import { type AssertionIssuer, createVerifier, TokenError } from '@behalf/verify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Minted, mint } from '../minting.ts'
import { DecisionPointServer } from '../policy/authzen/decision-point-server.ts'

const clock = new ManualClock()
const orders = 'https://orders.example'
const stock = 'https://stock.example'
const ceo = 'ceo@example.com'

/** The org's own people, a partner's, and the server that issues every delegated token. */
let ours: TestIssuer
let partner: TestIssuer
let server: TestIssuer
beforeAll(async () => {
  const keys = [generateSigningKey()]
  ours = await TestIssuer.start(keys)
  partner = await TestIssuer.start(keys)
  server = await TestIssuer.start(keys)
})
afterAll(() => Promise.all([ours, partner, server].map((issuer) => issuer.close())))

const mapped = { subject: { prefix: 'partner|' } }

/** Two issuers of users, two APIs in a row, and two clients. */
function config(changes: Partial<BehalfConfig> = {}): BehalfConfig {
  return {
    authenticate: { secrets: [hookSecret] },
    issuers: [
      { issuer: ours.issuer, audiences: ['api://a'] },
      { issuer: partner.issuer, audiences: ['api://a'], ...mapped },
      { issuer: server.issuer, audiences: [orders], tokens: 'delegated' },
    ],
    clients: {
      '0oaApiA': { audiences: ['api://a'], resources: [orders] },
      '0oaApiB': { audiences: [orders], resources: [stock] },
    },
    resources: {
      [orders]: { scopes: { 'orders:read': {}, 'orders:write': {} } },
      [stock]: { scopes: { 'stock:read': {} }, verifier: 'behalf' },
    },
    ...changes,
  }
}

const hookWith = (changes: Partial<BehalfConfig> = {}): Hook => createHook(config(changes), { clock })

/** A person's own token for API A. */
const signed = (issuer: TestIssuer, changes: LooseObject = {}): string =>
  issuer.sign(userClaims(clock.seconds, changes))

const exchange = (hook: Hook, clientId: string, assertion: string, scopes: readonly string[], more = {}) =>
  mint({ hook, server, clock, ...more }, { clientId, assertion, scopes })
const byApiA = (hook: Hook, assertion: string) => exchange(hook, '0oaApiA', assertion, ['orders:read'])
const byApiB = (hook: Hook, assertion: string) => exchange(hook, '0oaApiB', assertion, ['stock:read'])

function issued(minted: Minted): string {
  if (minted.token === undefined) throw new Error(`denied: ${minted.denied}`)
  return minted.token
}

function faultsOf(changes: Partial<BehalfConfig>): readonly string[] {
  try {
    hookWith(changes)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ path }) => path)
    throw error
  }
}

const codeOf = (verification: Promise<unknown>): Promise<string> =>
  verification.then(
    () => 'accepted',
    (error: unknown) => (error instanceof TokenError ? error.code : String(error)),
  )

/** The verifier of API C, which is told of mappings what the hook is told. */
const atStock = (
  assertionIssuers: Readonly<Record<string, AssertionIssuer>> = {
    [ours.issuer]: {},
    [partner.issuer]: mapped,
  },
) => createVerifier({ issuer: server.issuer, audience: stock, assertionIssuers, clock })

describe('S3: a partner’s user called like ours, two hops away', () => {
  /** Anybody may be acted for towards orders, the org's own chief alone towards stock. */
  const onlyOurs = () =>
    cedar({
      texts: {
        'chief.cedar': `
          @id("anybody") permit (principal, action == Action::"exchange", resource == Api::"${orders}");
          @id("chief")
          permit (principal == User::"okta#${ceo}", action == Action::"exchange", resource == Api::"${stock}");`,
      },
      issuerNames: { [ours.issuer]: 'okta' },
    })

  it('is forbidden by a policy that permits ours', async () => {
    const hook = hookWith({ policy: onlyOurs() })
    const theirs = issued(await byApiA(hook, signed(partner, { sub: ceo })))
    expect(await byApiB(hook, theirs)).toEqual({ denied: 'policy_denied' })
    const own = issued(await byApiA(hook, signed(ours, { sub: ceo })))
    expect(issued(await byApiB(hook, own))).toBeDefined()
  })

  it('is the partner’s in every hop, for policies, decision points and API C', async () => {
    await using pdp = await DecisionPointServer.start()
    const asked: Delegation[] = []
    const remote = authzen({ pdp: pdp.pdp })
    const watching = (delegation: Delegation, signal: AbortSignal) => {
      asked.push(delegation)
      return remote.decide(delegation, signal)
    }
    const hook = hookWith({ policy: watching })
    const first = issued(await byApiA(hook, signed(partner, { sub: ceo })))
    const second = issued(await byApiB(hook, first))
    const who = { issuer: partner.issuer, id: ceo }
    expect(asked.map(({ subject: { issuer, id } }) => ({ issuer, id }))).toEqual([who, who])
    expect(pdp.received.map(({ body }) => Object(body).subject.id)).toEqual([
      `${partner.issuer}#${ceo}`,
      `${partner.issuer}#${ceo}`,
    ])
    const access = await atStock().verify(second)
    expect(access).toMatchObject({
      subject: `partner|${ceo}`,
      user: { issuer: partner.issuer, subject: ceo },
      actors: [
        { iss: server.issuer, sub: '0oaApiB' },
        { iss: server.issuer, sub: '0oaApiA' },
      ],
    })
    expect(await codeOf(atStock({ [ours.issuer]: {} }).verify(second))).toBe('subject_mismatch')
  })

  it('is not presented by a client for our people', async () => {
    const hook = hookWith({
      clients: {
        '0oaApiA': { audiences: ['api://a'], resources: [orders] },
        '0oaApiB': { audiences: [orders], resources: [stock], issuers: [ours.issuer] },
      },
    })
    const theirs = issued(await byApiA(hook, signed(partner, { sub: ceo })))
    expect(await byApiB(hook, theirs)).toEqual({ denied: 'client_not_permitted' })
    expect(issued(await byApiB(hook, issued(await byApiA(hook, signed(ours)))))).toBeDefined()
  })
})

describe('S4: one name at two issuers', () => {
  it('does not start without a mapping, nor with one function for both', () => {
    const two = (one: object, other: object): Partial<BehalfConfig> => ({
      issuers: [
        { issuer: ours.issuer, audiences: ['api://a'], ...one },
        { issuer: partner.issuer, audiences: ['api://a'], ...other },
      ],
      clients: { '0oaApiA': { resources: [orders] } },
    })
    const mark = (subject: string) => `~${subject}`
    expect(faultsOf(two({}, {}))).toEqual(['issuers[1].subject'])
    expect(faultsOf(two({ subject: mark }, { subject: mark }))).toEqual(['issuers[1].subject'])
    expect(faultsOf(two({ subject: { prefix: 'p' } }, { subject: { prefix: 'p|' } }))).toEqual([
      'issuers[1].subject.prefix',
    ])
    expect(faultsOf(two({}, mapped))).toEqual([])
    expect(faultsOf(two({ org: 'x' }, { org: 'x' }))).toEqual([])
  })

  it('is two users at API C', async () => {
    const hook = hookWith()
    const [one, other] = await Promise.all(
      [ours, partner].map(async (issuer) => {
        const first = issued(await byApiA(hook, signed(issuer, { sub: 'ann' })))
        return atStock().verify(issued(await byApiB(hook, first)))
      }),
    )
    expect([one?.subject, other?.subject]).toEqual(['ann', 'partner|ann'])
    expect(one?.user).toEqual({ issuer: ours.issuer, subject: 'ann' })
    expect(other?.user).toEqual({ issuer: partner.issuer, subject: 'ann' })
  })

  it('is not covered up by a claim that is given the name of another', () => {
    expect(faultsOf({ claims: { rename: { email: 'uid' } } })).toEqual(["claims.rename['email']"])
  })
})

it.each(['partner|ann', 'Partner|ann', '\u200bpartner|ann', 'ｐartner｜ann', 'part\u00adner|ann'])(
  'nobody is called so that it looks like another issuer’s user: %j',
  async (sub) => {
    const minted = await byApiA(hookWith(), signed(ours, { sub }))
    expect(minted).toEqual({ denied: 'assertion_subject_missing' })
  },
)

describe('S5: one server for both APIs', () => {
  const single: Partial<BehalfConfig> = { clients: { '0oaApiA': {}, '0oaApiB': {} } }

  it('A does not act for itself by what B was given', async () => {
    const { resources: _, ...rest } = config(single)
    const both = { ...rest, issuers: [{ issuer: ours.issuer, audiences: ['api://default'] }] }
    const hook = createHook(both, { clock })
    const shared = { hook, server: ours, clock, audience: 'api://default' }
    const first = await mint(shared, {
      clientId: '0oaApiA',
      assertion: signed(ours, { aud: 'api://default' }),
      scopes: ['orders:write'],
    })
    const jwtB = issued(first)
    const atB = createVerifier({ issuer: ours.issuer, audience: 'api://default', clock })
    expect((await atB.verify(jwtB)).subject).toBe('ann@example.com')

    const atA = createVerifier({ issuer: ours.issuer, audience: 'api://default', accept: ['user'], clock })
    expect(await codeOf(atA.verify(jwtB))).toBe('token_invalid')
    for (const clientId of ['0oaApiA', '0oaApiB'])
      expect(await mint(shared, { clientId, assertion: jwtB, scopes: ['orders:write'] })).toEqual({
        denied: 'assertion_type_unsupported',
      })
  })

  it('nobody presents what it acts in, and nobody comes back unless it may', async () => {
    const clients = (reentry: boolean): Partial<BehalfConfig> => ({
      clients: {
        '0oaApiA': { audiences: ['api://a', orders, stock], resources: [orders, stock], reentry },
        '0oaApiB': { audiences: [orders], resources: [stock] },
      },
      issuers: [
        { issuer: ours.issuer, audiences: ['api://a'] },
        { issuer: server.issuer, audiences: [orders, stock], tokens: 'delegated' },
      ],
    })
    const again = (hook: Hook, assertion: string) =>
      mint(
        { hook, server, clock },
        {
          clientId: '0oaApiA',
          assertion,
          scopes: ['orders:read'],
          query: `&assertion_resource=${encodeURIComponent(orders)}`,
        },
      )
    for (const reentry of [false, true]) {
      const hook = hookWith(clients(reentry))
      const first = issued(await again(hook, signed(ours)))
      expect(await again(hook, first)).toEqual({ denied: 'actor_not_permitted' })
      const back = await again(hook, issued(await byApiB(hook, first)))
      if (reentry) expect(issued(back)).toBeDefined()
      else expect(back).toEqual({ denied: 'actor_not_permitted' })
    }
  })
})

describe('S6: a token that is also for an API which its issuer is not trusted for', () => {
  it('counts for the audience that is trusted alone', async () => {
    const hook = hookWith()
    const mixed = signed(partner, { aud: [orders, 'api://a'] })
    expect(await byApiB(hook, mixed)).toEqual({ denied: 'client_not_permitted' })
    expect(issued(await byApiA(hook, mixed))).toBeDefined()
  })
})

describe('S7: clients of which it is left open whose tokens they may present', () => {
  it('are faults at start, where there are several audiences or resources', () => {
    expect(faultsOf({ clients: { '0oaApiA': {}, '0oaApiB': {} } })).toEqual([
      'clients.0oaApiA.audiences',
      'clients.0oaApiA.resources',
      'clients.0oaApiB.audiences',
      'clients.0oaApiB.resources',
    ])
    expect(faultsOf({ clients: 'any' })).toEqual(['clients', 'clients'])
  })

  it('present what is theirs, and nothing else', async () => {
    expect(await byApiB(hookWith(), signed(ours))).toEqual({ denied: 'client_not_permitted' })
  })
})

describe('S8: a user’s token that names who may act', () => {
  it('holds for every hop', async () => {
    const hook = hookWith()
    const first = issued(await byApiA(hook, signed(ours, { may_act: { sub: '0oaApiA' } })))
    expect(await byApiB(hook, first)).toEqual({ denied: 'actor_not_permitted' })
  })

  it('holds where the configuration or a policy selects other claims', async () => {
    const policy = () => ({ decision: 'permit', assertionClaims: [] }) as const
    const hook = hookWith({ claims: { include: ['email'], exclude: ['may_act'] }, policy })
    const first = issued(await byApiA(hook, signed(ours, { may_act: { sub: '0oaApiA' } })))
    expect(await byApiB(hook, first)).toEqual({ denied: 'actor_not_permitted' })
  })
})

describe('S9: tokens of machines', () => {
  const machine = 'assertion_subject_machine'
  const other = 'assertion_type_unsupported'
  it.each<[string, 'okta' | 'entra' | 'keycloak' | 'auth0' | 'zitadel', LooseObject, string]>([
    [
      'Entra, version 1',
      'entra',
      { sub: 'o1', oid: 'o1', tid: 't1', appid: 'c', roles: ['Orders.Read'] },
      machine,
    ],
    [
      'Entra, of another subject',
      'entra',
      { sub: 's1', oid: 'o1', tid: 't1', appid: 'c', roles: ['R'] },
      other,
    ],
    [
      'a service account of Keycloak',
      'keycloak',
      {
        sub: '8a2f',
        azp: 'batch',
        typ: 'Bearer',
        preferred_username: 'service-account-batch',
        scope: 'profile',
      },
      machine,
    ],
    ['Auth0, RFC 9068', 'auth0', { sub: 'K1AU@clients', client_id: 'K1AU', scope: 'read:orders' }, machine],
    ['a service user of ZITADEL', 'zitadel', { sub: '2573', client_id: 'batch', scope: 'openid' }, other],
    [
      'an agent of Okta',
      'okta',
      { sub: 'wlp8x5', cid: '0oaAgent', uid: '00uX', sub_profile: 'service' },
      machine,
    ],
    ['a service of Okta with a subject of its own', 'okta', { sub: 'svc', cid: '0oaM2m', scp: ['a'] }, other],
  ])('%s is no user', async (_, dialect, claims, denied) => {
    const issuers = [{ issuer: ours.issuer, audiences: ['api://a'], dialect }]
    const hook = hookWith({ issuers, clients: { '0oaApiA': { resources: [orders] } } })
    const times = { iat: clock.seconds, exp: clock.seconds + 3_600 }
    expect(await byApiA(hook, ours.sign({ aud: 'api://a', ...times, ...claims }))).toEqual({ denied })
    const atA = createVerifier({ issuer: ours.issuer, audience: 'api://a', accept: ['user'], dialect, clock })
    expect(await codeOf(atA.verify(ours.sign({ aud: 'api://a', ...times, ...claims })))).toBe('token_invalid')
  })
})

describe('S22: a token that is bound to a key', () => {
  it('is not exchanged for one that is not, unless that is stated', async () => {
    const bound = signed(ours, { cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } })
    expect(await byApiA(hookWith(), bound)).toEqual({ denied: 'assertion_bound' })
    const permitted = await byApiA(hookWith({ boundAssertions: 'allow' }), bound)
    expect(permitted).not.toHaveProperty('denied')
    expect(JSON.stringify(permitted)).not.toContain('jkt')
  })
})

describe('a client that is called like a user', () => {
  it('does not act for that user at any hop, whoever vouches', async () => {
    const hook = hookWith()
    expect(await byApiA(hook, signed(partner, { sub: '0oaApiA' }))).toEqual({
      denied: 'assertion_subject_machine',
    })
    const first = issued(await byApiA(hook, signed(partner, { sub: '0oaApiB' })))
    expect(await byApiB(hook, first)).toEqual({ denied: 'assertion_subject_machine' })
  })
})
