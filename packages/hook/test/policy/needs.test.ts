import type { Needs } from '@behalf/core'
import { allOf, type Forbid, type Policy } from '@behalf/hook'
import { cedar } from '@behalf/hook/cedar'
import { describe, expect, it } from 'vitest'
import { delegation } from './delegation.ts'
import { exchange } from './exchange.ts'

const forbid = (rest: Omit<Forbid, 'decision'>) => (): Forbid => ({ decision: 'forbid', ...rest })
const exchangeUnder = (policy: Policy) => exchange({ config: { policy } })

describe('a forbid that says what the user needs', () => {
  it('tells it in front of its reason, in one form', async () => {
    const needs = { acrValues: ['urn:okta:loa:2fa:any', 'phr'], maxAgeSeconds: 900, scopes: ['pay'] }
    const { errorSummary, record, steps } = await exchangeUnder(
      forbid({ needs, reason: 'Sign in with a second factor.', policies: ['mfa'] }),
    )
    const told = 'acr_values=urn:okta:loa:2fa:any phr; max_age=900; scope=pay'
    expect(errorSummary).toBe(`step_up_required: (${told}) Sign in with a second factor.`)
    expect(record).toMatchObject({ code: 'step_up_required', detail: `needs ${told}`, policies: ['mfa'] })
    expect(steps.at(-1)).toMatchObject({ step: 'policy', code: 'step_up_required', needs })
  })

  it('is no matter of the scopes that it blames, because without them nothing would be gained', async () => {
    const { errorSummary } = await exchangeUnder(
      forbid({ needs: { acrValues: ['phr'] }, scopes: ['orders:read'] }),
    )
    expect(errorSummary).toMatch(/^step_up_required: \(acr_values=phr\) Policy permits /)
  })

  it.each<[string, object]>([
    ['a quote', { acrValues: ['phr", error="x'] }],
    ['a line break', { acrValues: ['phr\r\nset-cookie: a=b'] }],
    ['what would end it', { acrValues: ['phr) (max_age=1'] }],
    ['another separator', { scopes: ['a; max_age=1'] }],
    ['nothing', {}],
    ['an unknown member', { acrValues: ['phr'], acr: 'phr' }],
    ['a wrong member beside a right one', { acrValues: ['phr'], maxAgeSeconds: '900' }],
  ])('stays a forbid, and tells none of it, with %s', async (_, needs) => {
    const policy = (() => ({ decision: 'forbid', needs })) as never
    const { errorSummary } = await exchangeUnder(policy)
    expect(errorSummary).toBe('policy_denied: Policy does not permit this delegation.')
  })

  it('cannot be forged by a reason', async () => {
    const { errorSummary } = await exchangeUnder(forbid({ reason: '(acr_values=evil) Sign in there.' }))
    expect(errorSummary).toBe('policy_denied: (acr_values=evil) Sign in there.')
  })
})

describe('of several forbids', () => {
  const signal = new AbortController().signal
  const needsOf = async (...forbids: readonly [Omit<Forbid, 'decision'>, Omit<Forbid, 'decision'>]) => {
    const [first, second] = forbids
    return await allOf(forbid(first), forbid(second)).decide(delegation(), signal)
  }

  it('what satisfies all is needed', async () => {
    expect(
      await needsOf(
        { needs: { acrValues: ['2fa', 'phr'], maxAgeSeconds: 900 } },
        { needs: { acrValues: ['phr'] } },
      ),
    ).toMatchObject({ needs: { acrValues: ['phr'], maxAgeSeconds: 900 } })
  })

  it.each<[string, Needs, Needs | undefined]>([
    ['one would not be satisfied by any', { acrValues: ['phr'] }, undefined],
    ['no sign-in satisfies both', { acrValues: ['phr'] }, { acrValues: ['2fa'] }],
  ])('nothing is needed when %s', async (_, one, other) => {
    expect(await needsOf({ needs: one }, other === undefined ? {} : { needs: other })).toMatchObject({
      decision: 'forbid',
      needs: undefined,
    })
  })
})

describe('in Cedar', () => {
  const fromText = (text: string) => cedar({ texts: { policy: text } })
  const decide = (text: string, amr: readonly string[] = []) => {
    const point = fromText(text)
    expect(point.faults).toEqual([])
    return point.decide(delegation({ claims: { amr } }), new AbortController().signal)
  }
  const mfa = (annotations: string) => `
    @id("any") permit(principal, action, resource);
    @id("mfa") ${annotations} forbid(principal, action, resource) unless { context.assertion.amr.contains("mfa") };
  `

  it('annotations of the forbids say it', async () => {
    const text = mfa(
      '@needsAcrValues("urn:okta:loa:2fa:any, phr") @needsMaxAgeSeconds("900") @needsScopes("pay")',
    )
    expect(await decide(text)).toMatchObject({
      decision: 'forbid',
      policies: ['mfa'],
      needs: { acrValues: ['urn:okta:loa:2fa:any', 'phr'], maxAgeSeconds: 900, scopes: ['pay'] },
    })
    expect(await decide(text, ['mfa'])).toMatchObject({ decision: 'permit', policies: ['any'] })
  })

  it('it is told only when every forbid that applies says it', async () => {
    const closed = '@id("closed") forbid(principal, action, resource);'
    expect(await decide(mfa('@needsAcrValues("phr")') + closed)).toMatchObject({ needs: undefined })
  })

  it.each([
    '@needsAcrValues("")',
    '@needsAcrValues',
    '@needsAcrValues("two words")',
    '@needsAcrValues("a\\"b")',
    '@needsMaxAgeSeconds("15m")',
    '@needsMaxAgeSeconds("0")',
    '@needsScopes("a,,b")',
  ])('%s stops the start', (annotation) => {
    expect(fromText(mfa(annotation)).faults).toMatchObject([
      { path: 'policy:3', problem: expect.stringContaining('@needsAcrValues and @needsScopes must be') },
    ])
  })

  it.each(['needsAcr', 'needsMaxAge', 'acrValues', 'NeedsScopes', 'stepUp'])(
    '@%s is no annotation that is read',
    (name) => {
      expect(fromText(mfa(`@${name}("900")`)).faults).toMatchObject([
        { problem: expect.stringMatching(`@${name} is no annotation that is read.*or @needsScopes\\?`) },
      ])
    },
  )

  it('a permit needs nothing', () => {
    expect(fromText('@needsScopes("a") permit(principal, action, resource);').faults).toMatchObject([
      { problem: '@needs… say what helps against a forbid; this policy permits' },
    ])
  })
})
