import { randomUUID } from 'node:crypto'
import * as engine from '@cedar-policy/cedar-wasm/nodejs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { KnownEntities } from '../../src/policy/cedar/entities.ts'
import { parsePolicySet, textsOf } from '../../src/policy/cedar/policy-set.ts'
import { cedarQuestion, type Naming } from '../../src/policy/cedar/question.ts'
import { sliceOf } from '../../src/policy/cedar/slice.ts'
import { SlicedPolicies } from '../../src/policy/cedar/sliced-policies.ts'
import type { Delegation } from '../../src/policy/delegation.ts'
import { PolicyUnavailable } from '../../src/policy/policy-unavailable.ts'

const issuer = 'https://example.okta.com/oauth2/users'
const naming: Naming = {
  groupsClaim: 'groups',
  issuerNames: new Map([[issuer, 'okta']]),
  localTime: () => ({ weekday: 1, hour: 9 }),
}
const uid = (type: string, id: string) => ({ type, id })
const entities = new KnownEntities([
  { uid: uid('Api', 'api://b'), attrs: {}, parents: [uid('ApiGroup', 'internal')] },
  { uid: uid('ApiGroup', 'internal'), attrs: {}, parents: [uid('ApiGroup', 'all')] },
  { uid: uid('Client', '0oaA'), attrs: {}, parents: [uid('ClientGroup', 'trusted')] },
])

const principals = [
  'principal',
  'principal == User::"okta#ann"',
  'principal == User::"okta#bob"',
  'principal in Group::"okta#sales"',
]
const resources = [
  'resource',
  'resource == Api::"api://b"',
  'resource == Api::"api://c"',
  'resource in ApiGroup::"all"',
  'resource in ApiGroup::"none"',
]
const conditions = [
  '',
  'when { context.client == Client::"0oaA" }',
  'when { Client::"0oaB" == context.client }',
  'when { context.client == Client::"0oaB" && context.depth < 3 }',
  // Fails for whom it is about, since the tag may be missing.
  'when { context.client == Client::"0oaB" && principal.getTag("level").contains("1") }',
  'when { context.depth < 3 && context.client == Client::"0oaB" }',
  'when { context.client == Client::"0oaA" || context.depth > 2 }',
  'unless { context.client == Client::"0oaA" }',
  'when { context.client in ClientGroup::"trusted" }',
]
const aPolicy = fc
  .tuple(
    fc.constantFrom('permit', 'forbid'),
    fc.constantFrom(...principals),
    fc.constantFrom(...resources),
    fc.constantFrom(...conditions),
  )
  .map(
    ([effect, principal, resource, condition]) =>
      `${effect} (${principal}, action, ${resource}) ${condition};`,
  )
/** Those that would all be asked for are few, so that permits are not always forbidden. */
const aPolicySet = fc
  .array(aPolicy, { minLength: 1, maxLength: 6 })
  .map((some) =>
    Array.from({ length: 36 }, (_, index) => `@id("p${index}") ${some[index % some.length]}`).join('\n'),
  )
const aDelegation = fc
  .record({
    client: fc.constantFrom('0oaA', '0oaB', '0oaC'),
    subject: fc.constantFrom('ann', 'bob', 'eve'),
    audience: fc.constantFrom('api://b', 'api://c', 'api://d'),
    groups: fc.constantFrom([], ['sales']),
    level: fc.constantFrom({}, { level: '1' }),
  })
  .map(
    ({ client, subject, audience, groups, level }): Delegation => ({
      client: { id: client },
      subject: { issuer, id: subject, claims: { iss: issuer, sub: subject, groups, ...level } },
      resource: { audience, authorizationServer: issuer },
      scopes: ['orders:read'],
      actors: [{ sub: client }],
      request: { ipAddress: '203.0.113.7', timeMs: 1_700_000_000_000 },
    }),
  )

/** Asks all policies, as the engine itself does. */
function askWhole(delegation: Delegation): string {
  const { principal, action, resource, client, context, entities: asked } = cedarQuestion(delegation, naming)
  const answer = engine.statefulIsAuthorized({
    principal,
    action,
    resource,
    context: { ...context, scopes: [...delegation.scopes] },
    entities: entities.complete(asked, [client]),
    preparsedPolicySetId: 'whole',
  })
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors))
  const { decision, diagnostics } = answer.response
  return diagnostics.errors.length > 0
    ? 'unavailable'
    : JSON.stringify([decision, diagnostics.reason.toSorted()])
}

function askSliced(policies: SlicedPolicies, delegation: Delegation): string {
  const question = cedarQuestion(delegation, naming)
  try {
    const { decision, reason } = policies.ask(
      question,
      delegation.scopes,
      entities.complete(question.entities, [question.client]),
    )
    return JSON.stringify([decision, reason.toSorted()])
  } catch (error) {
    if (error instanceof PolicyUnavailable) return 'unavailable'
    throw error
  }
}

describe('SlicedPolicies', () => {
  // The same name all along: what was in force before must not show.
  const policies = new SlicedPolicies(randomUUID())

  test('mean what the whole set means', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(aPolicySet, fc.array(aDelegation, { minLength: 1, maxLength: 8 }), (text, delegations) => {
        const set = parsePolicySet([{ name: 'p', text }], entities)
        policies.replace(set)
        engine.preparsePolicySet('whole', { staticPolicies: textsOf(set.rules) })
        for (const delegation of delegations)
          expect(askSliced(policies, delegation)).toBe(askWhole(delegation))
      }),
      { numRuns: 40 },
    )
  })

  it.each([
    [
      'permit (principal, action, resource) when { context.client == Client::"0oaA" && context.depth < 3 };',
      'client',
    ],
    ['permit (principal == User::"okta#ann", action, resource);', 'principal'],
    ['permit (principal, action, resource == Api::"api://b");', 'resource'],
    ['permit (principal, action, resource in ApiGroup::"all");', 'resource in'],
    ['permit (principal in Group::"okta#sales", action, resource);', undefined],
    ['permit (principal, action, resource) unless { context.client == Client::"0oaA" };', undefined],
    [
      'permit (principal, action, resource) when { context.depth < 3 && context.client == Client::"0oaA" };',
      undefined,
    ],
    [
      'permit (principal, action, resource) when { context.client == Client::"0oaA" || context.depth < 3 };',
      undefined,
    ],
  ])('%s is about its %s', (text, criterion) => {
    const [rule] = parsePolicySet([{ name: 'p', text }], entities).rules.values()
    if (rule === undefined) throw new Error('no rule')
    const slice: unknown = JSON.parse(sliceOf(rule.json) ?? '[]')
    expect(Array.isArray(slice) ? slice[0] : slice).toBe(criterion)
  })
})
