import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allOf, ConfigError, createHook, type DecisionPoint } from '@behalf/hook'
import { type CedarOptions, cedar } from '@behalf/hook/cedar'
import { describe, expect, it } from 'vitest'

const okta = 'https://example.okta.com/oauth2/default'
const partner = 'https://partner.example/oauth2/default'

/** What is wrong with a configuration, by its first faults. */
function refusal(policy: DecisionPoint): string[] {
  try {
    createHook({
      authenticate: { secrets: ['hook-secret-0123456789'] },
      issuers: [{ issuer: okta, audiences: ['api://a'] }],
      clients: { '0oaApiA': {} },
      policy,
    })
    return []
  } catch (error) {
    return error instanceof ConfigError
      ? error.faults.map(({ path, problem }) => `${path}: ${problem}`)
      : ['?']
  }
}

const forbid = (condition: string, options: CedarOptions = {}): DecisionPoint =>
  cedar({
    texts: {
      'p.cedar': `permit(principal, action, resource);\nforbid(principal, action, resource) when { ${condition} };`,
    },
    ...options,
  })
const short = { issuerNames: { [okta]: 'okta' } }

describe('an id', () => {
  it.each<[string, CedarOptions, string]>([
    [
      'principal in Group::"okta#contractors"',
      {},
      'names the group okta#contractors, and issuerNames calls no issuer okta',
    ],
    ['principal in Group::"Okta#contractors"', short, 'issuerNames calls no issuer Okta'],
    [
      'principal in Group::"contractors"',
      short,
      'names the group contractors without an issuer; write Group::"<issuer>#contractors"',
    ],
    ['principal in [Group::"okta#a", Group::"b"]', short, 'names the group b without an issuer'],
    ['principal is User in Group::"b"', short, 'names the group b without an issuer'],
    ['principal == User::"ann@example.com"', short, 'names the user ann@example.com without an issuer'],
    [`principal in Group::"${okta}#x"`, short, 'whose issuer is called okta by issuerNames'],
    [`principal in Group::"${okta}/#x"`, {}, 'of an issuer that is not configured'],
    [`principal in Group::"${partner}#x"`, short, 'of an issuer that is not configured'],
    [
      'principal in Group::"partner#x"',
      { issuerNames: { [partner]: 'partner' } },
      `of the issuer ${partner}, which is not configured`,
    ],
    [
      `principal.issuer == "${partner}"`,
      short,
      `compares with the issuer ${partner}, which is not configured`,
    ],
    ['"okta" == principal.issuer', short, 'compares with the issuer okta, which is not configured'],
    [`["${partner}", "${okta}"].contains(principal.issuer)`, short, `compares with the issuer ${partner}`],
    [
      'principal.issuer like "https://partner.*"',
      short,
      'like https://partner.*, of which none is configured',
    ],
    ['principal.issuer like "*okta.com"', {}, 'like *okta.com, of which none is configured'],
    ['principal in Group::"okta#"', short, 'names the group okta#, who has no name'],
    ['principal == User::"okta#"', short, 'names the user okta#, who has no name'],
    [
      'context.client in ClientGroup::"partners"',
      {},
      'names the ClientGroup partners, which the entity file',
    ],
    ['resource in ApiGroup::"money"', {}, 'names the ApiGroup money, which the entity file puts nobody in'],
  ])('of no configured issuer stops the start: %s', (condition, options, problem) => {
    expect(refusal(forbid(condition, options))).toEqual([expect.stringMatching(/^p\.cedar:2: /)])
    expect(refusal(forbid(condition, options))[0]).toContain(problem)
    expect(refusal(allOf(forbid(condition, options), () => ({ decision: 'permit' })))[0]).toContain(problem)
  })

  it.each<[string, CedarOptions]>([
    ['principal in Group::"okta#contractors"', short],
    ['principal in Group::"okta#a#b"', short],
    [`principal in Group::"${okta}#contractors"`, {}],
    ['principal == User::"okta#ann@example.com"', short],
    [`principal.issuer == "${okta}"`, short],
    ['principal.issuer like "https://*.okta.com/*"', short],
    ['principal.subject == "ann" && context.client == Client::"x"', short],
  ])('of a configured issuer is right: %s', (condition, options) => {
    expect(refusal(forbid(condition, options))).toEqual([])
  })

  it.each([
    ['principal.hasTag("groups") && principal.getTag("groups").contains("x")', 'say principal in Group::'],
    ['principal.hasTag("scp") && principal.getTag("scp").contains("x")', 'context.assertion may tell it'],
  ])('or a tag that is never there stops the start: %s', (condition, problem) => {
    expect(refusal(forbid(condition, short))).toEqual([expect.stringContaining(problem)])
  })

  it('in the scope of a policy counts, too', () => {
    const policy = cedar({
      texts: { 'p.cedar': 'forbid(principal in Group::"contractors", action, resource);' },
    })
    expect(refusal(policy)).toEqual([
      expect.stringMatching(/^p\.cedar:1: names the group contractors without/),
    ])
  })
})

describe('an entity file', () => {
  const withEntities = (...entities: readonly object[]): DecisionPoint => {
    const file = join(mkdtempSync(join(tmpdir(), 'behalf-entities-')), 'entities.json')
    writeFileSync(file, JSON.stringify(entities))
    return forbid('principal in Group::"buyers"', { ...short, entities: file })
  }
  const entity = (type: string, id: string, parent: string) => ({
    uid: { type, id },
    attrs: type === 'User' ? { issuer: okta, subject: 'x' } : {},
    parents: [{ type: 'Group', id: parent }],
  })

  it('makes groups of its own, of members that name their issuer', () => {
    expect(refusal(withEntities(entity('Group', 'okta#sales', 'buyers')))).toEqual([])
    expect(
      refusal(withEntities(entity('Group', 'okta#sales', 'all'), entity('Group', 'all', 'buyers'))),
    ).toEqual([])
  })

  it.each([
    ['Group', 'sales', 'names the group sales without an issuer'],
    ['Group', 'octa#sales', 'issuerNames calls no issuer octa'],
    ['User', 'ann', 'names the user ann without an issuer'],
  ])('is refused with a member that nobody is: %s %s', (type, id, problem) => {
    const [fault] = refusal(withEntities(entity(type, id, 'buyers')))
    expect(fault).toMatch(/entities\.json: /)
    expect(fault).toContain(problem)
  })

  it('is a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'behalf-entities-'))
    expect(refusal(forbid('true', { entities: folder }))).toEqual([
      expect.stringMatching(/: is a folder; name a file$/),
    ])
  })

  it('is needed for a group without an issuer', () => {
    expect(refusal(withEntities(entity('Group', 'okta#sales', 'others')))).toEqual([
      expect.stringMatching(/^p\.cedar:2: names the group buyers without an issuer/),
    ])
  })
})

it('policies that are read again are refused for ids of no configured issuer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-reload-'))
  writeFileSync(join(folder, 'a.cedar'), 'permit(principal, action, resource);')
  const point = cedar({ policies: folder, ...short })
  writeFileSync(join(folder, 'b.cedar'), `forbid(principal in Group::"${partner}#x", action, resource);`)
  const reload = point.reload?.([okta])
  expect(reload?.faults).toMatchObject([
    { problem: expect.stringContaining('of an issuer that is not configured') },
  ])
  reload?.apply()
  expect(point.rules).toHaveLength(1)
})
