import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { type LocatedRule, nameOfRule, policiesPathOf } from '../okta/rules.ts'
import { markOf } from './mark.ts'
import { ownRuleName } from './own-rule-steps.ts'
import type { Step } from './plan.ts'

/** Says whether a rule is one of this installation: it is in a policy that bears its mark, and has the name. */
export function isOwnRule({ policy, rule }: LocatedRule, installation: string): boolean {
  return isOwnPolicy(policy, installation) && rule['name'] === ownRuleName
}

/** Whether a policy is one of this installation. */
function isOwnPolicy(policy: JsonObject, installation: string): boolean {
  return textAt(policy, 'description') === markOf(installation)
}

/** Deletes the policies of this installation with their rule; one in which somebody else has made rules is kept. */
export function planOwnRuleRemoval(
  api: ManagementApi,
  serverId: string,
  policies: readonly JsonObject[],
  rules: readonly LocatedRule[],
  installation: string,
): Step[] {
  return policies
    .filter((policy) => isOwnPolicy(policy, installation))
    .flatMap((policy): Step[] => {
      const inIt = rules.filter((located) => located.policy['id'] === policy['id'])
      const foreign = inIt.filter((located) => !isOwnRule(located, installation))
      const change = { kind: 'policy', name: textAt(policy, 'name') } as const
      const details = foreign.map((located) => `somebody else has made its rule '${nameOfRule(located)}'`)
      return [
        ...inIt
          .filter((located) => isOwnRule(located, installation))
          .map(
            (located): Step => ({
              change: { action: 'delete', kind: 'rule', name: nameOfRule(located), details: [] },
              apply: () => api.delete(located.path),
            }),
          ),
        foreign.length > 0
          ? { change: { ...change, action: 'keep', details } }
          : {
              change: { ...change, action: 'delete', details: [] },
              apply: () =>
                api.delete(`${policiesPathOf(serverId)}/${encodeURIComponent(textAt(policy, 'id'))}`),
            },
      ]
    })
}
