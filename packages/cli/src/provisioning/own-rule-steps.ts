import type { JsonObject } from '@behalf/core'
import { machineRuleDocument } from '../okta/documents.ts'
import type { ManagementApi } from '../okta/management-api.ts'
import { memberAt, textAt, textsAt, withMember } from '../okta/members.ts'
import {
  isActive,
  type LocatedRule,
  machineGrant,
  policiesPathOf,
  rulesOf,
  rulesPathOf,
} from '../okta/rules.ts'
import { findOwnPolicy, type OwnRulePlan, planOwnPolicy } from './own-policy-steps.ts'
import type { Made, Step } from './plan.ts'
import { inlineHookPath } from './rule-steps.ts'

/** The name of the rule in a policy of this installation. */
export const ownRuleName = 'Token exchange'

const grantTypesPath = ['conditions', 'grantTypes', 'include'] as const
const scopesPath = ['conditions', 'scopes', 'include'] as const
const lifetimePath = ['actions', 'token', 'accessTokenLifetimeMinutes'] as const

/** Returns a policy for API A's client alone, tried before all others, with one rule that serves machines and calls the hook. */
export async function planOwnRule(api: ManagementApi, plan: OwnRulePlan): Promise<Step[]> {
  const { serverId } = plan.wanted
  const policies = await api.list(policiesPathOf(serverId))
  const policy = findOwnPolicy(policies, plan)
  const rules = policy === undefined ? [] : await rulesOf(api, serverId, policy)
  const rule = rules.find((each) => each.rule['name'] === ownRuleName)
  return [planOwnPolicy(plan, policies, policy), planItsRule(plan, policy, rule)]
}

function planItsRule(
  { wanted, own, hookId }: OwnRulePlan,
  policy: JsonObject | undefined,
  present: LocatedRule | undefined,
): Step {
  const change = { kind: 'rule', name: `${own.policy} / ${ownRuleName}` } as const
  const { scopes, hook } = wanted
  const hookOf = (made: Made): string => made.hookId ?? hookId ?? ''
  if (present === undefined) {
    const details = [
      `serves ${machineGrant} alone, calls ${hook.name}`,
      `grants ${scopes.join(' ')} for ${own.lifetimeMinutes} min`,
    ]
    return {
      change: { ...change, action: 'create', details },
      apply: async (api, made) => {
        const path = rulesPathOf(wanted.serverId, policy ?? { id: made.policyId ?? '' })
        const { lifetimeMinutes } = own
        await api.post(
          path,
          machineRuleDocument({ name: ownRuleName, scopes, lifetimeMinutes, hookId: hookOf(made) }),
        )
      },
    }
  }
  const { rule, path } = present
  const lifetime = memberAt(rule, ...lifetimePath)
  const missing = scopes.filter((scope) => !textsAt(rule, ...scopesPath).includes(scope))
  const isAttached = hookId !== undefined && textAt(rule, ...inlineHookPath, 'id') === hookId
  const grantTypes = textsAt(rule, ...grantTypesPath)
  const details = [
    ...(isAttached ? [] : [`actions.token.inlineHook: → ${hook.name}`]),
    ...(grantTypes.join() === machineGrant
      ? []
      : [`grant types: ${grantTypes.join(', ')} → ${machineGrant}`]),
    ...(missing.length === 0 ? [] : [`scopes: ${missing.join(' ')} added`]),
    ...(lifetime === own.lifetimeMinutes
      ? []
      : [`lifetime: ${String(lifetime)} → ${own.lifetimeMinutes} min`]),
    ...(isActive(rule) ? [] : ['status: INACTIVE → ACTIVE']),
  ]
  if (details.length === 0) return { change: { ...change, action: 'keep', details } }
  return {
    change: { ...change, action: 'update', details },
    apply: async (api, made) => {
      const { _links, _embedded, ...current } = await api.get(path)
      const changes: readonly (readonly [readonly string[], JsonObject[string]])[] = [
        [inlineHookPath, { id: hookOf(made) }],
        [grantTypesPath, [machineGrant]],
        [scopesPath, [...new Set([...textsAt(current, ...scopesPath), ...scopes])]],
        [lifetimePath, own.lifetimeMinutes],
      ]
      await api.put(
        path,
        changes.reduce((document, [at, value]) => withMember(document, at, value), current),
      )
      if (!isActive(rule)) await api.post(`${path}/lifecycle/activate`)
    },
  }
}
