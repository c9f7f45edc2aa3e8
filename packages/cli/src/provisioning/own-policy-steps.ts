import type { JsonObject } from '@behalf/core'
import { policyDocument } from '../okta/documents.ts'
import { memberAt, textAt, textsAt, withMember } from '../okta/members.ts'
import { admitsClient, isActive, policiesPathOf } from '../okta/rules.ts'
import { CommandError } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'
import { makerOf, markOf } from './mark.ts'
import type { Made, Step } from './plan.ts'
import type { WantedRule, WantedState } from './wanted.ts'

const clientsPath = ['conditions', 'clients', 'include'] as const

/** What a policy and a rule of API A's own are made of; what is absent is made by an earlier step. */
export interface OwnRulePlan {
  readonly wanted: WantedState
  readonly own: Extract<WantedRule, { kind: 'own' }>
  readonly hookId: string | undefined
  readonly clientId: string | undefined
}

/** Returns the policy of the wanted name, which must be of this installation; undefined when there is none. */
export function findOwnPolicy(
  policies: readonly JsonObject[],
  { wanted, own }: OwnRulePlan,
): JsonObject | undefined {
  const present = policies.find((policy) => policy['name'] === own.policy)
  if (present === undefined || textAt(present, 'description') === markOf(wanted.hook.name)) return present
  throw new CommandError(
    `the authorization server has a policy '${printable(own.policy)}' that this installation has not made: ${printable(makerOf(textAt(present, 'description')))}. Nothing was changed; choose another name with --policy`,
  )
}

/** Creates the policy, or makes it admit API A's client, to come first and to be active. */
export function planOwnPolicy(
  { wanted, own, clientId }: OwnRulePlan,
  policies: readonly JsonObject[],
  present: JsonObject | undefined,
): Step {
  const policiesPath = policiesPathOf(wanted.serverId)
  const change = { kind: 'policy', name: own.policy } as const
  const clientOf = (made: Made): string => made.clientId ?? clientId ?? ''
  if (present === undefined) {
    const details = [`for '${wanted.app?.label ?? ''}' alone`, 'tried before all other policies']
    return {
      change: { ...change, action: 'create', details },
      apply: async (api, made) => {
        const created = await api.post(
          policiesPath,
          policyDocument({ name: own.policy, mark: markOf(wanted.hook.name), clientIds: [clientOf(made)] }),
        )
        made.policyId = textAt(created, 'id')
      },
    }
  }
  const clients = textsAt(present, ...clientsPath)
  const before = policies
    .slice(0, policies.indexOf(present))
    .filter((policy) => isActive(policy) && (clientId === undefined || admitsClient(policy, clientId)))
  const details = [
    ...(clientId !== undefined && clients.includes(clientId)
      ? []
      : [`clients: '${wanted.app?.label ?? ''}' added`]),
    ...(before.length === 0 ? [] : [`priority: ${String(memberAt(present, 'priority'))} → 1`]),
    ...(isActive(present) ? [] : ['status: INACTIVE → ACTIVE']),
  ]
  if (details.length === 0) return { change: { ...change, action: 'keep', details } }
  const path = `${policiesPath}/${encodeURIComponent(textAt(present, 'id'))}`
  return {
    change: { ...change, action: 'update', details },
    apply: async (api, made) => {
      const { _links, _embedded, ...policy } = await api.get(path)
      const admitted = [...new Set([...textsAt(policy, ...clientsPath), clientOf(made)])]
      const changed = withMember(policy, clientsPath, admitted)
      await api.put(path, before.length === 0 ? changed : { ...changed, priority: 1 })
      if (!isActive(present)) await api.post(`${path}/lifecycle/activate`)
    },
  }
}
