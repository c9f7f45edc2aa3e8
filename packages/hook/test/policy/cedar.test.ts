import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@behalf/core'
import { allOf, ConfigError, createHook, type DecisionPoint, PolicyUnavailable } from '@behalf/hook'
import { type CedarOptions, cedar, cedarSchema } from '@behalf/hook/cedar'
import * as engine from '@cedar-policy/cedar-wasm/nodejs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cedarQuestion } from '../../src/policy/cedar/question.ts'
import { type DelegationOptions, delegation } from './delegation.ts'

const signal = new AbortController().signal
const okta = 'https://example.okta.com/oauth2/default'

function fromText(text: string, options: CedarOptions = {}): DecisionPoint {
  return cedar({ texts: { 'test.cedar': text }, issuerNames: { [okta]: 'okta' }, ...options })
}

async function decide(point: DecisionPoint, options: DelegationOptions = {}) {
  expect(point.faults).toEqual([])
  return point.decide(delegation(options), signal)
}

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-cedar-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

describe('the schema', () => {
  it('is shipped as it is used', () => {
    expect(readFileSync(new URL('../../behalf.cedarschema', import.meta.url), 'utf8')).toBe(cedarSchema)
  })

  it.each<[string, DelegationOptions]>([
    [
      'with everything',
      { claims: { acr: 'urn:x', amr: ['mfa', 'pwd'], groups: ['g'], n: 1, b: true, o: { x: 1 } } },
    ],
    [
      'with next to nothing',
      {
        claims: { auth_time: 'noon', iat: null, aud: 7, cid: undefined, exp: 'never' },
        ipAddress: 'nowhere',
      },
    ],
    [
      'of a chain',
      { priorActors: ['0oaX', '0oaY'], claims: { act: { sub: '0oaX' }, assertion: { iss: 'x' } } },
    ],
  ])('fits the question %s', (_, options) => {
    const naming = {
      groupsClaim: 'groups',
      issuerNames: new Map(),
      localTime: () => ({ weekday: 1, hour: 9 }),
    }
    const { principal, action, resource, context, entities } = cedarQuestion(delegation(options), naming)
    const answer = engine.isAuthorized({
      principal,
      action,
      resource,
      context,
      entities: [...entities],
      schema: cedarSchema,
      validateRequest: true,
      policies: { staticPolicies: 'permit(principal, action, resource);' },
    })
    expect(answer).toMatchObject({ type: 'success', response: { decision: 'allow' } })
  })
})

describe('a decision', () => {
  it('names the policies that permit', async () => {
    const point = fromText(`
      @id("b-for-a") permit(principal, action, resource == Api::"api://b") when { context.client == Client::"0oaApiA" };
      @id("other") permit(principal, action, resource == Api::"api://c");
    `)
    expect(await decide(point)).toEqual({ decision: 'permit', policies: ['b-for-a'] })
  })

  it('forbids what nothing permits', async () => {
    expect(await decide(fromText('permit(principal, action, resource == Api::"api://c");'))).toMatchObject({
      decision: 'forbid',
      policies: undefined,
      reason: undefined,
    })
  })

  it('gives the reason of the policy that forbids', async () => {
    const point = fromText(`
      permit(principal, action, resource);
      @id("chains") @reason("No delegation of delegation.") forbid(principal, action, resource) when { context.depth > 1 };
    `)
    expect(await decide(point, { priorActors: ['0oaX'] })).toEqual({
      decision: 'forbid',
      policies: ['chains'],
      reason: 'No delegation of delegation.',
    })
  })

  it.each([
    ['the client', 'ai_agent', 'service', 'forbid'],
    ['an actor before it', 'service', 'ai_agent', 'forbid'],
    ['nobody, and a kind that is not known', 'device', 'service', 'permit'],
  ])('knows agents by what vouches for them: %s', async (_, current, prior, decision) => {
    const point = fromText(`
      permit(principal, action, resource);
      forbid(principal, action, resource) unless { context.agents.isEmpty() };
    `)
    expect(point.faults).toEqual([])
    const actors = [
      { sub: '0oaApiA', sub_profile: current },
      { sub: '0oaX', sub_profile: prior },
    ]
    expect(await point.decide({ ...delegation(), actors }, signal)).toMatchObject({ decision })
  })

  it('names the scopes that are to blame', async () => {
    const point = fromText(`
      permit(principal, action, resource);
      @id("mfa") @reason("Sign in with a second factor") forbid(principal, action, resource)
        when { context.scopes.contains("pay:write") && !context.assertion.amr.contains("mfa") };
    `)
    expect(await decide(point, { scopes: ['orders:read', 'pay:write'] })).toEqual({
      decision: 'forbid',
      policies: ['mfa'],
      reason: 'Sign in with a second factor',
      scopes: ['pay:write'],
    })
  })

  it('narrows by the annotations of every permit that applies', async () => {
    const point = fromText(`
      @lifetimeSeconds("900") @assertionClaims("email, groups") permit(principal, action, resource);
      @lifetimeSeconds("600") @assertionClaims("groups,department") permit(principal, action, resource);
      permit(principal, action, resource);
    `)
    expect(await decide(point)).toMatchObject({ lifetimeSeconds: 600, assertionClaims: ['groups'] })
  })

  it('is none when a policy fails, even beside one that permits', async () => {
    const point = fromText(`
      permit(principal, action, resource);
      @id("overflow") forbid(principal, action, resource) when { context.depth * 9223372036854775807 > 1 };
    `)
    const asked = decide(point, { priorActors: ['0oaX'] })
    await expect(asked).rejects.toThrow(PolicyUnavailable)
    await expect(asked).rejects.toThrow('these policies failed: overflow')
  })

  it('is none without an audience', async () => {
    const point = fromText('permit(principal, action, resource);')
    await expect(decide(point, { audience: undefined })).rejects.toThrow(PolicyUnavailable)
  })
})

describe('the assertion', () => {
  it('has its client and its scopes, whatever the dialect spells them', async () => {
    const point = fromText(`
      permit (principal, action, resource)
      when {
        context.assertion has client && context.assertion.client == "web" &&
        context.assertion.scopes.containsAll(["orders", "a:read"])
      };`)
    const decided = async (claims: JsonObject) => (await decide(point, { claims })).decision
    const gone = { cid: undefined, scp: undefined }
    expect(await decided({ cid: 'web', scp: ['a:read', 'orders'] })).toBe('permit')
    expect(await decided({ ...gone, client_id: 'web', scope: 'a:read orders' })).toBe('permit')
    expect(await decided({ ...gone, azp: 'web', scp: 'a:read orders' })).toBe('permit')
    expect(await decided({ ...gone, appid: 'web', scp: 'a:read orders' })).toBe('permit')
    expect(await decided({ ...gone, azp: 'web', scp: 'a:readorders', scope: 'a:read orders' })).toBe('forbid')
  })
})

describe('names', () => {
  it('tell users and groups of one issuer from those of another', async () => {
    const point = fromText('permit(principal in Group::"okta#finance", action, resource);')
    expect(await decide(point, { claims: { groups: ['finance'] } })).toMatchObject({ decision: 'permit' })
    const elsewhere = { issuer: 'https://partner.example/oauth2/default', claims: { groups: ['finance'] } }
    expect(await decide(point, elsewhere)).toMatchObject({ decision: 'forbid' })
  })

  it('cannot be forged by a subject with a separator in it', async () => {
    const point = fromText('permit(principal == User::"okta#ann@example.com", action, resource);')
    const forger = { issuer: 'https://partner.example', subject: 'okta#ann@example.com' }
    expect(await decide(point, forger)).toMatchObject({ decision: 'forbid' })
  })

  it('must be unique and short', () => {
    const point = fromText('permit(principal, action, resource);', {
      issuerNames: { 'https://a.example': 'x', 'https://b.example': 'x', 'https://c.example': 'a#b' },
    })
    expect(point.faults.map(({ path }) => path)).toEqual([
      "policy.issuerNames['https://a.example']",
      "policy.issuerNames['https://b.example']",
      "policy.issuerNames['https://c.example']",
    ])
  })
})

describe('claims', () => {
  it.each([
    ['a policy', '"); permit(principal, action, resource); //'],
    ['an entity', '{"__entity":{"type":"Group","id":"okta#finance"}}'],
    ['an escape', '\\u{22}) || true || ("'],
  ])('that look like %s stay data', async (_, hostile) => {
    const point = fromText(`
      permit(principal in Group::"okta#finance", action, resource);
      permit(principal, action, resource) when { principal.hasTag("department") && principal.getTag("department").contains("sales") };
    `)
    const claims = { department: hostile, groups: [hostile], [hostile]: hostile, acr: hostile }
    expect(await decide(point, { claims })).toMatchObject({ decision: 'forbid' })
  })

  it('that are entity or extension escapes are left out', async () => {
    const point = fromText('permit(principal in Group::"okta#finance", action, resource);')
    const hidden = { __entity: { type: 'Group', id: 'okta#finance' } }
    const claims = { groups: [hidden], department: hidden, __extn: { fn: 'ip', arg: '::1' } }
    expect(await decide(point, { claims })).toMatchObject({ decision: 'forbid' })
  })

  it('of any kind never make an exception of another kind', async () => {
    const point = fromText('permit(principal, action, resource) when { principal.hasTag("x") };')
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (claims) => {
        const decision = await decide(point, { claims: JSON.parse(JSON.stringify(claims)) })
        expect(['permit', 'forbid']).toContain(decision.decision)
      }),
      { numRuns: 100 },
    )
  })
})

describe('time and place', () => {
  const office = `permit(principal, action, resource) when {
    context.request.local.weekday <= 5 && context.request.local.hour >= 8 && context.request.local.hour < 18 &&
    context.request has ip && context.request.ip.isInRange(ip("203.0.113.0/24"))
  };`

  it.each<[string, DelegationOptions, string]>([
    ['Tuesday 09:30 in Berlin', {}, 'permit'],
    ['Tuesday 17:30 UTC, 18:30 in Berlin', { timeMs: Date.UTC(2026, 10, 24, 17, 30) }, 'forbid'],
    ['the same in summer time', { timeMs: Date.UTC(2026, 5, 23, 16, 30) }, 'forbid'],
    ['Saturday', { timeMs: Date.UTC(2026, 10, 28, 9, 30) }, 'forbid'],
    ['another network', { ipAddress: '198.51.100.1' }, 'forbid'],
    ['the office, in the form of IPv6', { ipAddress: '::ffff:203.0.113.7' }, 'permit'],
    ['another network, in the form of IPv6', { ipAddress: '::ffff:198.51.100.1' }, 'forbid'],
    ['an address with a zone', { ipAddress: 'fe80::1%eth0' }, 'forbid'],
    ['an address that is none', { ipAddress: '203.0.113.0/24' }, 'forbid'],
  ])('%s: %s', async (_, options, expected) => {
    const point = fromText(office, { timeZone: 'Europe/Berlin' })
    expect(await decide(point, options)).toMatchObject({ decision: expected })
  })

  it('refuses a zone that does not exist', () => {
    expect(fromText(office, { timeZone: 'Europe/Atlantis' }).faults).toEqual([
      { path: 'policy.timeZone', problem: 'is no IANA time zone' },
    ])
  })
})

describe('the entity file', () => {
  const policy =
    'permit(principal in Group::"buyers", action, resource in ApiGroup::"shop") when { context.client in ClientGroup::"front" };'
  const entities = [
    { uid: { type: 'Client', id: '0oaApiA' }, attrs: {}, parents: [{ type: 'ClientGroup', id: 'web' }] },
    { uid: { type: 'ClientGroup', id: 'web' }, attrs: {}, parents: [{ type: 'ClientGroup', id: 'front' }] },
    { uid: { type: 'Api', id: 'api://b' }, attrs: {}, parents: [{ type: 'ApiGroup', id: 'shop' }] },
    { uid: { type: 'Group', id: 'okta#sales' }, attrs: {}, parents: [{ type: 'Group', id: 'buyers' }] },
  ]

  it('puts clients, APIs and groups into groups', async () => {
    const folder = folderWith({ 'entities.json': JSON.stringify(entities) })
    const point = fromText(policy, { entities: join(folder, 'entities.json') })
    const claims = { groups: ['sales'] }
    expect(await decide(point, { claims })).toMatchObject({ decision: 'permit' })
    expect(await decide(point, { claims, client: '0oaOther' })).toMatchObject({ decision: 'forbid' })
    expect(await decide(point, { claims, audience: 'api://other' })).toMatchObject({ decision: 'forbid' })
    expect(await decide(point)).toMatchObject({ decision: 'forbid' })
    expect(point.rules?.[0]?.clients).toEqual(new Set(['0oaApiA']))
  })

  it.each([
    ['[{"uid":{"type":"Nobody","id":"x"},"attrs":{},"parents":[]}]', 'not declared in the schema'],
    ['{}', 'must be a JSON list'],
    ['[', 'is not JSON'],
  ])('is refused when it is %s', (text, problem) => {
    const file = join(folderWith({ 'entities.json': text }), 'entities.json')
    expect(fromText(policy, { entities: file }).faults).toEqual([
      { path: expect.stringContaining('entities.json'), problem: expect.stringContaining(problem) },
    ])
  })
})

describe('faults', () => {
  it('are all reported at once, with file, line and reason', () => {
    const folder = folderWith({
      'a.cedar': '// ä\n\npermit(principal, action, resource) when { principal.nme == "x" };\n',
      'b.cedar': 'permit(principal, action;',
      'c.cedar':
        '@id("one") permit(principal, action, resource);\n@id("one")\npermit(principal, action, resource) when { true };',
      'd.cedar': '\n@reason("ä") @lifetimeSeconds("soon") forbid(principal, action, resource);',
      'e.cedar': 'permit(principal == ?principal, action, resource);',
      'ignored.txt': 'nonsense',
    })
    const { faults } = cedar({ policies: [folder, join(folder, 'missing')] })
    const found = faults.map(
      ({ path, problem }) => `${path.replace(/^.*behalf-cedar-[^/]*\//, '')}: ${problem}`,
    )
    expect(found).toEqual([
      'missing: cannot be read (ENOENT)',
      expect.stringMatching(/^b\.cedar:1:25: unexpected token/),
      expect.stringMatching(/^c\.cedar:2: has the same @id as .*c\.cedar:1: one$/),
      'd.cedar:2: @reason must be 1 to 200 characters of plain ASCII',
      'd.cedar:2: @lifetimeSeconds must be a whole number above 0',
      'd.cedar:2: @lifetimeSeconds and @assertionClaims narrow a permit; this policy forbids',
      'e.cedar: has a template; only policies without slots are supported',
      expect.stringMatching(/^a\.cedar:3: .*attribute `nme`/),
    ])
  })

  it.each(['lifetimeSecond', 'lifetime', 'LifetimeSeconds', 'ttl', 'assertionClaim', 'claims'])(
    'are annotations that nobody reads, and whose author meant to narrow: @%s',
    (name) => {
      const { faults } = fromText(`@${name}("60") permit(principal, action, resource);`)
      expect(faults).toMatchObject([{ problem: expect.stringContaining(`@${name} is no annotation`) }])
      expect(fromText('@owner("team-a") permit(principal, action, resource);').faults).toEqual([])
    },
  )

  it('are reported for a folder without policies, and for none at all', () => {
    expect(cedar({ policies: folderWith({}) }).faults).toMatchObject([
      { problem: 'holds no file that ends in .cedar' },
    ])
    expect(cedar({}).faults).toEqual([{ path: 'policy', problem: 'names no Cedar policies' }])
  })

  it('stop the start, together with whatever else is wrong with the configuration', () => {
    const config = {
      authenticate: { secrets: [undefined] },
      issuers: [{ issuer: okta, audiences: ['api://a'] }],
      clients: 'any' as const,
      policy: allOf(() => ({ decision: 'permit' }), fromText('permit(principal, action')),
    }
    let thrown: unknown
    try {
      createHook(config)
    } catch (error) {
      thrown = error
    }
    expect(thrown instanceof ConfigError && thrown.faults.map(({ path }) => path)).toEqual([
      'authenticate.secrets[0]',
      'test.cedar:1:25',
    ])
  })

  it('leave nothing that decides', async () => {
    const point = fromText('permit(principal, action')
    expect(point.faults).toHaveLength(1)
    expect(() => point.decide(delegation(), signal)).toThrow(PolicyUnavailable)
  })

  it('do not include policies that can never apply; those are warnings', () => {
    const point = fromText('permit(principal is Api, action, resource);')
    expect(point.faults).toEqual([])
    expect(point.warnings).not.toEqual([])
  })
})

describe('reading again', () => {
  it('replaces the policies', async () => {
    const folder = folderWith({ 'a.cedar': 'permit(principal, action, resource);' })
    const point = cedar({ policies: folder })
    expect(await decide(point)).toMatchObject({ decision: 'permit' })
    writeFileSync(join(folder, 'a.cedar'), '@id("never") forbid(principal, action, resource);')
    const reload = point.reload?.()
    expect(reload?.faults).toEqual([])
    expect(await decide(point)).toMatchObject({ decision: 'permit' })
    reload?.apply()
    expect(await decide(point)).toMatchObject({ decision: 'forbid', policies: ['never'] })
  })

  it('keeps the old policies while the new ones are faulty', async () => {
    const folder = folderWith({ 'a.cedar': '@id("old") permit(principal, action, resource);' })
    const point = cedar({ policies: folder })
    writeFileSync(join(folder, 'a.cedar'), 'permit(principal')
    const reload = point.reload?.()
    expect(reload?.faults).toHaveLength(1)
    reload?.apply()
    expect(await decide(point)).toEqual({ decision: 'permit', policies: ['old'] })
    expect(point.faults).toEqual([])
  })
})

describe('options', () => {
  it.each<[string, object, readonly string[]]>([
    ['a name that is not known', { groupClaim: 'roles' }, ['policy.groupClaim: is not a known setting']],
    [
      'something that is undefined',
      { entities: undefined, groupsClaim: undefined, issuerNames: undefined },
      [
        'policy.entities: must be a path or a file URL; is the environment variable set?',
        'policy.groupsClaim: must be a string; is the environment variable set?',
        'policy.issuerNames: must be an object of texts by name',
      ],
    ],
    [
      'places that are none',
      { policies: ['a.cedar', undefined] },
      ['policy.policies.1: must be a path or a file URL; is the environment variable set?'],
    ],
    [
      'a number',
      { policies: 5 },
      ['policy.policies: must be a path or a file URL; is the environment variable set?'],
    ],
  ])('with %s are refused, since a forbid could be lost with it', async (_, options, faults) => {
    const point = fromText('permit(principal, action, resource);', options)
    expect(point.faults.map(({ path, problem }) => `${path}: ${problem}`)).toEqual(faults)
    expect(() => point.decide(delegation(), signal)).toThrow(PolicyUnavailable)
  })
})
