import type { JsonObject } from '@behalf/core'
import type { Permit, PolicyDecision } from '@behalf/hook'
import { ManualClock } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { exchange } from './exchange.ts'

const now = new ManualClock().seconds
const permit = (narrowing: Omit<Permit, 'decision'>) => ({
  config: { policy: (): PolicyDecision => ({ decision: 'permit', ...narrowing }) },
})

describe('a lifetime', () => {
  it('is shortened, and the delegation ends with it', async () => {
    const { lifetimeSeconds, claims } = await exchange(permit({ lifetimeSeconds: 600 }))
    expect(lifetimeSeconds).toBe(600)
    expect(claims).toMatchObject({ assertion: { exp: now + 600 } })
  })

  it("under Okta's floor still ends the delegation in time", async () => {
    const { lifetimeSeconds, claims } = await exchange(permit({ lifetimeSeconds: 30 }))
    expect(lifetimeSeconds).toBe(300)
    expect(claims).toMatchObject({ assertion: { exp: now + 30 } })
  })

  it('is never made longer than the token or the assertion', async () => {
    const { lifetimeSeconds, claims } = await exchange({
      ...permit({ lifetimeSeconds: 86_400 }),
      claims: { exp: now + 900 },
      event: { lifetimeSeconds: 700 },
    })
    expect(lifetimeSeconds).toBeUndefined()
    expect(claims).toMatchObject({ assertion: { exp: now + 900 } })
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'of %d is no decision',
    async (lifetimeSeconds) => {
      expect((await exchange(permit({ lifetimeSeconds }))).errorSummary).toMatch(/^policy_unavailable: /)
    },
  )
})

describe('claims of a chain', () => {
  it('are narrowed, and still identify the user for good', async () => {
    const { claims } = await exchange({
      ...permit({ assertionClaims: [] }),
      claims: { uid: '00uAnn', email: 'ann@example.com' },
      chain: { sub: '0oaFront' },
    })
    expect(claims).toMatchObject({ assertion: { sub: 'ann@example.com', uid: '00uAnn' } })
    expect(claims).not.toHaveProperty('assertion.email')
  })
})

describe('added claims that are not what they seem', () => {
  const hidden = (toJSON: () => unknown): object => Object.defineProperty({}, 'toJSON', { value: toJSON })
  it.each<[string, JsonObject[string]]>([
    ['turns into something else when it is written', Object(hidden(() => true))],
    ['disappears when it is written', Object(hidden(() => undefined))],
    ['is half of a surrogate pair', '\ud800'],
    ['is a number beyond what is exact', 2 ** 53],
  ])('are no decision: one that %s', async (_, tier) => {
    expect((await exchange(permit({ claims: { tier } }))).errorSummary).toMatch(/^policy_unavailable: /)
  })

  it('are read once', async () => {
    let reads = 0
    const claims = {
      get tier() {
        return `read ${++reads}`
      },
    }
    const { claims: written } = await exchange(permit({ claims }))
    expect(written?.['tier']).toBe(`read ${reads}`)
  })
})

describe('claims of the assertion', () => {
  it('are those that policy and configuration both leave', async () => {
    const { claims } = await exchange({
      config: {
        ...permit({ assertionClaims: ['email', 'department'] }).config,
        claims: { exclude: ['email'] },
      },
      claims: { email: 'ann@example.com', department: 'sales', tier: 'gold' },
    })
    expect(Object.keys(Object(claims?.['assertion'])).toSorted()).toEqual([
      'department',
      'exp',
      'iat',
      'iss',
      'jti',
      'sub',
      'uid',
    ])
  })
})

describe('added claims', () => {
  it('are set under their own names', async () => {
    const { claims } = await exchange(permit({ claims: { tier: 'gold', limit: 500, cost: { centre: 'x' } } }))
    expect(claims).toMatchObject({ tier: 'gold', limit: 500, cost: { centre: 'x' } })
  })

  it.each([
    'sub',
    'act',
    'assertion',
    'aud',
    'scope',
    'client_id',
    'roles',
    'may_act',
    'scp',
    'cid',
    'exp',
    'groups',
  ])('cannot be called %s', async (name) => {
    const { errorSummary, claims } = await exchange(permit({ claims: { [name]: 'x' } }))
    expect(errorSummary).toMatch(/^patch_inapplicable: /)
    expect(claims).toBeUndefined()
  })

  it.each(['', 'a b', 'ä', '-', '0a', '__proto__'])('cannot be called %j', async (name) => {
    const { errorSummary } = await exchange(permit({ claims: JSON.parse(`{${JSON.stringify(name)}:"x"}`) }))
    expect(errorSummary).toMatch(/^patch_inapplicable: /)
  })

  it('cannot replace a claim that Okta has put in the token', async () => {
    const { errorSummary } = await exchange({
      ...permit({ claims: { tenant: 'other' } }),
      event: { accessClaims: { tenant: 'acme' } },
    })
    expect(errorSummary).toMatch(/^patch_inapplicable: /)
  })

  it.each([
    [true, 'is a bare boolean, which Okta is not known to apply'],
    [1.5, 'is a bare fraction, which Okta is not known to apply'],
    [null, 'is null'],
  ])('cannot be %j, and the record says why', async (value, reason) => {
    const { errorSummary, record } = await exchange(permit({ claims: { tier: value } }))
    expect(errorSummary).toMatch(/^patch_inapplicable: /)
    expect(record?.detail).toContain(`the value of the claim tier ${reason}`)
  })

  it.each([
    ['permissions', ['a', 'b'], 'permissions'],
    ['plan', { vip: true, score: 1.5, none: null }, 'plan'],
    ['app.tenant', 'x', 'app.tenant'],
    ['https://example.com/tenant', 'x', 'https:~1~1example.com~1tenant'],
    ['https://example.com/~ann', 'x', 'https:~1~1example.com~1~0ann'],
  ])('can be called %s with the value %j', async (name, value, escaped) => {
    const { errorSummary, claims } = await exchange(permit({ claims: { [name]: value } }))
    expect(errorSummary).toBeUndefined()
    expect(claims?.[escaped]).toEqual(value)
  })

  it('count in the size of the patch', async () => {
    const { errorSummary } = await exchange(permit({ claims: { blob: 'x'.repeat(4_096) } }))
    expect(errorSummary).toMatch(/^claims_too_large: /)
  })

  it('of what JSON cannot express are no decision', async () => {
    const policy = () => ({ decision: 'permit', claims: { when: new Date() } })
    // The compiler refuses this policy; a policy in JavaScript is not compiled.
    const { errorSummary } = await exchange({ config: { policy: policy as never } })
    expect(errorSummary).toMatch(/^policy_unavailable: /)
  })
})

describe('scopes', () => {
  it('that the policy does not permit are named', async () => {
    const { errorSummary, record } = await exchange({
      ...permit({ scopes: ['orders:read'], policies: ['readers'] }),
      event: { scopes: ['orders:read', 'orders:write'] },
    })
    expect(errorSummary).toBe(
      'scope_not_permitted: A scope of the request is not permitted for this client (orders:write)',
    )
    expect(record).toMatchObject({
      code: 'scope_not_permitted',
      detail: 'not permitted: orders:write',
      policies: ['readers'],
    })
  })

  it('that the policy forbids are named with its reason', async () => {
    const { errorSummary } = await exchange({
      config: {
        policy: () => ({ decision: 'forbid', scopes: ['pay', 'not asked for'], reason: 'Sign in again.' }),
      },
      event: { scopes: ['orders:read', 'pay'] },
    })
    expect(errorSummary).toBe('scope_not_permitted: Sign in again (pay)')
  })

  it('that are no scope tokens are counted, not shown', async () => {
    const { errorSummary } = await exchange({
      ...permit({ scopes: ['orders:read'] }),
      event: { scopes: ['orders:read', 'w"eird', 'ü'] },
    })
    expect(errorSummary).toContain('(2 more)')
  })

  it('of which there are none are not taken for permitted ones', async () => {
    const { errorSummary } = await exchange({ ...permit({ scopes: ['orders:read'] }), event: { scopes: [] } })
    expect(errorSummary).toBe('policy_denied: The request names no scope.')
  })
})

describe('the decision record', () => {
  it('names the policies that permitted', async () => {
    expect((await exchange(permit({ policies: ['a', 'b'] }))).record).toMatchObject({
      decision: 'permit',
      policies: ['a', 'b'],
    })
  })

  it('names the policies that forbade', async () => {
    const { record } = await exchange({ config: { policy: () => ({ decision: 'forbid', policies: ['c'] }) } })
    expect(record).toMatchObject({ decision: 'deny', code: 'policy_denied', policies: ['c'] })
  })

  it('says why there was no decision, when the policy says so itself', async () => {
    const { PolicyUnavailable } = await import('@behalf/hook')
    const failing = async () => {
      throw new PolicyUnavailable('the directory did not answer')
    }
    expect((await exchange({ config: { policy: failing } })).record).toMatchObject({
      code: 'policy_unavailable',
      detail: 'the directory did not answer',
    })
    const leaking = async () => {
      throw new Error('ann@example.com is unknown')
    }
    expect((await exchange({ config: { policy: leaking } })).record).toMatchObject({
      code: 'policy_unavailable',
      detail: 'the policy failed',
    })
  })
})

it('reports every step in order, and nothing of the token', async () => {
  const { steps } = await exchange({
    config: { policy: () => ({ decision: 'forbid', reason: 'Not today.', policies: ['p'] }) },
    claims: { secret_claim: 'hush' },
  })
  expect(steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
    'authenticate continued',
    'parse continued',
    'recognise continued',
    'extract continued',
    'open continued',
    'resource continued',
    'verify continued',
    'bind continued',
    'extend continued',
    'policy denied',
  ])
  expect(steps.at(-1)).toMatchObject({ code: 'policy_denied', reason: 'Not today.', policies: ['p'] })
  expect(JSON.stringify(steps)).not.toMatch(/hush|eyJ|hook-secret-0123456789/)
})
