import { systemClock } from '@behalf/core'
import { askPolicy, type Policy } from '@behalf/hook'
import { authzen } from '@behalf/hook/authzen'
import { cedar } from '@behalf/hook/cedar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DecisionPointServer } from '../authzen/decision-point-server.ts'
import { type DelegationOptions, delegation } from '../delegation.ts'
import { evaluate } from './decision-point.ts'
import { policy as functionPolicy } from './function.ts'
import { questions } from './questions.ts'

let server: DecisionPointServer
const policies: Record<string, Policy> = {}

beforeAll(async () => {
  server = await DecisionPointServer.start()
  server.answer = (response, { body }) => void response.end(JSON.stringify(evaluate(body)))
  policies['function'] = functionPolicy
  policies['Cedar'] = cedar({
    policies: new URL('policy.cedar', import.meta.url),
    issuerNames: { 'https://example.okta.com/oauth2/default': 'okta' },
  })
  policies['AuthZEN'] = authzen({ pdp: server.pdp })
})
afterAll(() => server.close())

async function ask(policy: Policy | undefined, options: DelegationOptions) {
  if (policy === undefined) throw new Error('there is no such policy')
  const { signal } = new AbortController()
  const answer = await askPolicy(policy, delegation(options), {
    timeoutMs: 5_000,
    clock: systemClock,
    signal,
  })
  // Members that are undefined are members that are not there.
  return JSON.parse(JSON.stringify(answer))
}

it('are twenty, and both answers are among them', () => {
  expect(questions).toHaveLength(20)
  expect(new Set(questions.map(([, , { decision }]) => decision))).toEqual(new Set(['permit', 'forbid']))
})

describe.each(['function', 'Cedar', 'AuthZEN'])('%s', (way) => {
  it.each(questions)('%s', async (_, options, expected) => {
    expect(await ask(policies[way], options)).toEqual(expected)
  })
})
