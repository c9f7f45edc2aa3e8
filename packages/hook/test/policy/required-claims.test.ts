import { ConfigError, createHook, type PolicyFunction, requireClaims } from '@behalf/hook'
import { authzen } from '@behalf/hook/authzen'
import { type CedarOptions, cedar } from '@behalf/hook/cedar'
import { describe, expect, it } from 'vitest'
import { delegation } from './delegation.ts'
import { exchange } from './exchange.ts'

const okta = 'https://example.okta.com/oauth2/default'
const { signal } = new AbortController()
const reason = "The user's token lacks what the policy needs: groups."

const forbidsContractors = (options: CedarOptions = {}) =>
  cedar({
    texts: {
      'p.cedar':
        'permit(principal, action, resource);\nforbid(principal in Group::"okta#contractors", action, resource);',
    },
    issuerNames: { [okta]: 'okta' },
    ...options,
  })

describe('required claims', () => {
  const point = forbidsContractors({ requiredClaims: ['groups'] })

  it.each([{}, { groups: null }, { groups: { contractors: true } }, { groups: [{ name: 'contractors' }] }])(
    'of Cedar policies are there in a form that they can read, or it is forbidden: %j',
    (claims) => {
      expect(point.decide(delegation({ claims }), signal)).toEqual({ decision: 'forbid', reason })
    },
  )

  it.each([
    [{ groups: ['contractors'] }, 'forbid'],
    [{ groups: 'contractors' }, 'forbid'],
    [{ groups: ['staff'] }, 'permit'],
    [{ groups: [] }, 'permit'],
  ])('of Cedar policies leave the rest to them: %j', async (claims, decision) => {
    expect(await point.decide(delegation({ claims }), signal)).toMatchObject({ decision })
  })

  it('of a function are there, or it is not asked', async () => {
    let asked = 0
    const permit: PolicyFunction = () => {
      asked++
      return { decision: 'permit' }
    }
    const policy = requireClaims(['groups', 'department'], permit)
    const send = (claims: object) => exchange({ config: { policy }, claims: { ...claims } })
    expect((await send({ department: 'x' })).errorSummary).toBe(`policy_denied: ${reason}`)
    expect((await send({ department: null, groups: [] })).errorSummary).toMatch(/needs: department\.$/)
    expect(asked).toBe(0)
    expect((await send({ department: 'x', groups: [] })).errorSummary).toBeUndefined()
    expect(asked).toBe(1)
  })

  it('of a decision point are there, or nothing is asked', async () => {
    let asked = 0
    const remote = authzen({
      pdp: 'https://pdp.example.com',
      evaluationEndpoint: 'https://pdp.example.com/evaluate',
      requiredClaims: ['groups'],
      fetch: async () => {
        asked++
        return Response.json({ decision: true })
      },
    })
    expect(await remote.decide(delegation(), signal)).toEqual({ decision: 'forbid', reason })
    expect(asked).toBe(0)
    expect(await remote.decide(delegation({ claims: { groups: [] } }), signal)).toMatchObject({
      decision: 'permit',
    })
  })

  it.each([
    ['cedar()', () => forbidsContractors({ requiredClaims: [''] }), 'policy.requiredClaims.0'],
    [
      'authzen()',
      () => authzen({ pdp: 'https://pdp.example.com', requiredClaims: [''] }),
      'policy.requiredClaims.0',
    ],
  ])('that are none are a fault of %s', (_, make, path) => {
    const start = () =>
      createHook({
        authenticate: { secrets: ['hook-secret-0123456789'] },
        issuers: [{ issuer: okta, audiences: ['api://a'] }],
        clients: 'any',
        policy: make(),
      })
    expect(start).toThrow(ConfigError)
    expect(start).toThrow(path)
  })
})

it.each([[[]], [['']], ['groups'], [undefined]])('requireClaims refuses the list %j', (names) => {
  expect(() => Reflect.apply(requireClaims, undefined, [names, 'x'])).toThrow(/names: .*\n?.*policy: /s)
})

describe('a policy that is weaker without a claim', () => {
  const warn = (policy: string, requiredClaims: readonly string[] = []) =>
    cedar({ texts: { 'p.cedar': policy }, requiredClaims }).warnings?.map(({ problem }) => problem)

  it.each([
    ['forbid(principal in Group::"g", action, resource);', 'groups'],
    ['forbid(principal is User in Group::"g", action, resource);', 'groups'],
    ['forbid(principal, action, resource) when { principal in [Group::"g", Group::"h"] };', 'groups'],
    ['forbid(principal, action, resource) when { context.depth > 1 || principal in Group::"g" };', 'groups'],
    ['permit(principal, action, resource) unless { principal in Group::"g" };', 'groups'],
    [
      'permit(principal, action, resource) when { context.depth == 1 && !(principal in Group::"g") };',
      'groups',
    ],
    [
      'forbid(principal, action, resource) when { principal.hasTag("risk") && principal.getTag("risk").contains("high") };',
      'risk',
    ],
    [
      'permit(principal, action, resource) when { !principal.hasTag("risk") || principal.getTag("risk").contains("low") };',
      'risk',
    ],
    [
      'forbid(principal, action, resource) when { context.assertion has acr && context.assertion.acr == "weak" };',
      'acr',
    ],
    [
      'forbid(principal, action, resource) when { context has assertion.acr && context.assertion.acr == "weak" };',
      'acr',
    ],
    [
      'forbid(principal, action, resource) when { context.assertion has client && context.assertion.client == "x" };',
      'cid',
    ],
    ['forbid(principal, action, resource) when { context.assertion.amr.contains("sms") };', 'amr'],
    ['forbid(principal, action, resource) when { if principal.hasTag("t") then true else false };', 't'],
  ])('is warned of, until the claim is required: %s', (policy, claim) => {
    expect(warn(policy)).toEqual([expect.stringContaining(`requiredClaims: ['${claim}']`)])
    expect(warn(policy, [claim])).toEqual([])
  })

  it('is warned of where no claim tells what may be missing', () => {
    expect(
      warn(
        'forbid(principal, action, resource) when { context.request has ip && context.request.ip.isLoopback() };',
      ),
    ).toEqual([expect.stringMatching(/^forbids nobody without the address.* with unless$/)])
  })

  it.each([
    'permit(principal in Group::"g", action, resource);',
    'forbid(principal, action, resource) unless { principal in Group::"g" };',
    'forbid(principal, action, resource) when { !context.assertion.amr.contains("mfa") };',
    'forbid(principal, action, resource) when { context.assertion.amr.isEmpty() };',
    'forbid(principal, action, resource) unless { principal.hasTag("t") && principal.getTag("t").contains("x") };',
    'forbid(principal, action, resource) when { !principal.hasTag("t") || principal.getTag("t").contains("x") };',
    'permit(principal, action, resource) when { principal.hasTag("t") && !principal.getTag("t").contains("x") };',
    'forbid(principal == User::"g", action, resource);',
    'forbid(principal, action, resource) when { context.client in ClientGroup::"g" && context.depth > 2 };',
  ])('is not one that stays as strong: %s', (policy) => {
    expect(warn(policy)).toEqual([])
  })
})
