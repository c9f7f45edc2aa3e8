import {
  allOf,
  type ConfigFault,
  type DecisionPoint,
  type Policy,
  type PolicyDecision,
  PolicyUnavailable,
} from '@behalf/hook'
import { cedar } from '@behalf/hook/cedar'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { delegation } from './delegation.ts'

const signal = new AbortController().signal
const always = (decision: PolicyDecision) => () => decision
const decide = async (first: Policy, ...others: readonly Policy[]) =>
  allOf(first, ...others).decide(delegation(), signal)

describe('allOf', () => {
  it('permits when all do', async () => {
    expect(await decide(always({ decision: 'permit' }), always({ decision: 'permit' }))).toMatchObject({
      decision: 'permit',
    })
  })

  it('lets a forbid win over permits and failures', async () => {
    const failing = () => Promise.reject(new Error('down'))
    const forbid = always({ decision: 'forbid', reason: 'No.', policies: ['f'] })
    expect(await decide(failing, always({ decision: 'permit' }), forbid)).toEqual({
      decision: 'forbid',
      reason: 'No.',
      policies: ['f'],
      scopes: undefined,
    })
  })

  it.each<[string, Policy]>([
    [
      'throws',
      () => {
        throw new TypeError('ann@example.com')
      },
    ],
    ['rejects', () => Promise.reject(new Error('ann@example.com'))],
    ['answers something else', (() => ({ decision: 'yes' })) as never],
    ['answers nothing', (() => undefined) as never],
  ])('decides nothing when one %s', async (_, policy) => {
    const asked = decide(always({ decision: 'permit' }), policy)
    await expect(asked).rejects.toThrow(PolicyUnavailable)
    await expect(asked).rejects.not.toThrow('ann')
  })

  it('takes the narrowest of what its policies leave', async () => {
    const decision = await decide(
      always({
        decision: 'permit',
        lifetimeSeconds: 900,
        scopes: ['a', 'b'],
        assertionClaims: ['x', 'y'],
        policies: ['1'],
      }),
      always({ decision: 'permit' }),
      always({
        decision: 'permit',
        lifetimeSeconds: 600,
        scopes: ['b', 'c'],
        assertionClaims: ['y'],
        policies: ['2'],
      }),
    )
    expect(decision).toEqual({
      decision: 'permit',
      lifetimeSeconds: 600,
      scopes: ['b'],
      assertionClaims: ['y'],
      policies: ['1', '2'],
      claims: undefined,
    })
  })

  it('adds claims together, unless two contradict', async () => {
    const gold = always({ decision: 'permit', claims: { tier: 'gold', at: { x: 1 } } })
    expect(
      await decide(gold, always({ decision: 'permit', claims: { limit: 5, at: { x: 1 } } })),
    ).toMatchObject({
      claims: { tier: 'gold', limit: 5, at: { x: 1 } },
    })
    await expect(decide(gold, always({ decision: 'permit', claims: { tier: 'tin' } }))).rejects.toThrow(
      PolicyUnavailable,
    )
  })

  it('blames scopes only when every forbid does', async () => {
    const blaming = always({ decision: 'forbid', scopes: ['a'] })
    expect(await decide(blaming, always({ decision: 'forbid', scopes: ['b'] }))).toMatchObject({
      scopes: ['a', 'b'],
    })
    expect(await decide(blaming, always({ decision: 'forbid' }))).toMatchObject({ scopes: undefined })
  })

  it('passes on what is wrong with its members', () => {
    const faulty = cedar({ texts: { 'a.cedar': 'permit(' } })
    expect(allOf(always({ decision: 'permit' }), faulty).faults).toEqual(faulty.faults)
  })

  it('puts nothing of a change into force when a part of it is faulty', () => {
    const applied: string[] = []
    const point = (name: string, faults: readonly ConfigFault[]): DecisionPoint => ({
      decide: always({ decision: 'permit' }),
      faults: [],
      reload: () => ({ faults, apply: () => applied.push(name) }),
    })
    const fault = { path: 'policy', problem: 'is faulty' }
    allOf(point('good', []), point('faulty', [fault]))
      .reload?.()
      .apply()
    expect(applied).toEqual([])
    allOf(point('good', []), point('other', [])).reload?.().apply()
    expect(applied).toEqual(['good', 'other'])
  })

  it('needs a policy', () => {
    expect(() => Reflect.apply(allOf, undefined, [])).toThrow(TypeError)
  })
})

const decisions: fc.Arbitrary<PolicyDecision> = fc.oneof(
  fc.record(
    {
      decision: fc.constant('permit' as const),
      lifetimeSeconds: fc.integer({ min: 1, max: 90_000 }),
      scopes: fc.subarray(['a', 'b', 'c']),
      assertionClaims: fc.subarray(['x', 'y']),
    },
    { requiredKeys: ['decision'] },
  ),
  fc.record(
    { decision: fc.constant('forbid' as const), reason: fc.string(), scopes: fc.subarray(['a', 'b']) },
    { requiredKeys: ['decision'] },
  ),
)
const policies: fc.Arbitrary<Policy> = fc.oneof(
  decisions.map(always),
  fc.constant(() => Promise.reject(new Error('down'))),
)

async function permits(point: DecisionPoint): Promise<PolicyDecision | undefined> {
  try {
    const decision = await point.decide(delegation(), signal)
    return decision.decision === 'permit' ? decision : undefined
  } catch {
    // No decision is a denial.
    return undefined
  }
}

describe('for any policies', () => {
  it('one more never permits more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(policies, { minLength: 1, maxLength: 4 }),
        policies,
        async ([first, ...rest], more) => {
          if (first === undefined) return
          const before = await permits(allOf(first, ...rest))
          const after = await permits(allOf(first, ...rest, more))
          if (after?.decision !== 'permit') return
          expect(before?.decision).toBe('permit')
          if (before?.decision !== 'permit') return
          expect(after.lifetimeSeconds ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(
            before.lifetimeSeconds ?? Number.POSITIVE_INFINITY,
          )
          for (const members of ['scopes', 'assertionClaims'] as const) {
            if (before[members] !== undefined)
              expect(before[members]).toEqual(expect.arrayContaining([...(after[members] ?? ['everything'])]))
          }
        },
      ),
    )
  })

  it('a forbid never permits anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(policies, { maxLength: 4 }), async (others) => {
        expect(await permits(allOf(always({ decision: 'forbid' }), ...others))).toBeUndefined()
      }),
    )
  })
})

describe('for any Cedar policies', () => {
  const conditions = [
    'true',
    'context.depth == 1',
    'context.scopes.contains("orders:read")',
    'context.client == Client::"0oaApiA"',
    'principal in Group::"https://example.okta.com/oauth2/default#sales"',
    'resource == Api::"api://b"',
    'context.request.local.hour < 12',
    'context.depth * 9223372036854775807 > 1',
  ]
  const rule = (effect: string) =>
    fc
      .constantFrom(...conditions)
      .map((condition) => `${effect}(principal, action, resource) when { ${condition} };`)
  const questions = fc.record({
    client: fc.constantFrom('0oaApiA', '0oaOther'),
    audience: fc.constantFrom('api://b', 'api://c'),
    scopes: fc.subarray(['orders:read', 'orders:write']),
    priorActors: fc.subarray(['0oaX']),
    claims: fc.record({ groups: fc.subarray(['sales', 'finance']) }),
  })

  it('one more forbid never permits more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(rule('permit'), rule('forbid')), { minLength: 1, maxLength: 4 }),
        rule('forbid'),
        questions,
        async (rules, forbid, question) => {
          const before = cedar({ texts: { 'a.cedar': rules.join('\n') } })
          const after = cedar({ texts: { 'a.cedar': rules.join('\n'), 'b.cedar': forbid } })
          expect([...before.faults, ...after.faults]).toEqual([])
          const ask = async (point: DecisionPoint) => {
            try {
              return (await point.decide(delegation(question), signal)).decision
            } catch (error) {
              expect(error).toBeInstanceOf(PolicyUnavailable)
              return 'none'
            }
          }
          if ((await ask(after)) === 'permit') expect(await ask(before)).toBe('permit')
        },
      ),
      { numRuns: 60 },
    )
  })
})
