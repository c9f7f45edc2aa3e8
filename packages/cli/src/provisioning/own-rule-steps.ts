import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../okta/management-api.ts'
import { memberAt, textAt, textsAt, withMember } from '../okta/members.ts'
import {
  admitsClient,
  isActive,
  type LocatedRule,
  machineGrant,
  policiesPathOf,
  rulesOf,
  rulesPathOf,
} from '../okta/rules.ts'
import { CommandError } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'
import { makerOf, markOf } from './mark.ts'
import type { Made, Step } from './plan.ts'
import { inlineHookPath } from './rule-steps.ts'
import type { WantedRule, WantedState } from './wanted.ts'

/** The name of the rule in a policy of this installation. */
export const ownRuleName = 'Token exchange'

const clientsPath = ['conditions', 'clients', 'include'] as const
const grantTypesPath = ['conditions', 'grantTypes', 'include'] as const
const scopesPath = ['conditions', 'scopes', 'include'] as const
const lifetimePath = ['actions', 'token', 'accessTokenLifetimeMinutes'] as const

/** What is known when the plan is made; what is absent is made by an earlier step. */
export interface OwnRuleParts {
  readonly hookId: string | undefined
  readonly clientId: string | undefined
}

/** A policy for API A's client alone, tried before all others, with one rule that serves machines and calls the hook. */
export async function planOwnRule(
  api: ManagementApi,
  wanted: WantedState,
  own: Extract<WantedRule, { kind: 'own' }>,
  parts: OwnRuleParts,
): Promise<Step[]> {
  const policiesPath = policiesPathOf(wanted.serverId)
  const policies = await api.list(policiesPath)
  const present = policies.find((policy) => policy['name'] === own.policy)
  if (present !== undefined && textAt(present, 'description') !== markOf(wanted.hook.name))
    throw new CommandError(
      `the authorization server has a policy '${printable(own.policy)}' that this installation has not made: ${printable(makerOf(textAt(present, 'description')))}. Nothing was changed; choose another name with --policy`,
    )
  const rule =
    present === undefined
      ? undefined
      : (await rulesOf(api, wanted.serverId, present)).find((each) => each.rule['name'] === ownRuleName)
  return [
    planPolicy(policiesPath, policies, present, wanted, own, parts),
    planItsRule(wanted, own, parts, present, rule),
  ]
}

function planPolicy(
  policiesPath: string,
  policies: readonly JsonObject[],
  present: JsonObject | undefined,
  wanted: WantedState,
  own: Extract<WantedRule, { kind: 'own' }>,
  parts: OwnRuleParts,
): Step {
  const change = { kind: 'policy', name: own.policy } as const
  const clientOf = (made: Made): string => made.clientId ?? parts.clientId ?? ''
  if (present === undefined) {
    const details = [`for '${wanted.app?.label ?? ''}' alone`, 'tried before all other policies']
    return {
      change: { ...change, action: 'create', details },
      apply: async (api, made) => {
        const created = await api.post(policiesPath, {
          type: 'OAUTH_AUTHORIZATION_POLICY',
          status: 'ACTIVE',
          name: own.policy,
          description: markOf(wanted.hook.name),
          priority: 1,
          conditions: { clients: { include: [clientOf(made)] } },
        })
        made.policyId = textAt(created, 'id')
      },
    }
  }
  const { clientId } = parts
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

function planItsRule(
  wanted: WantedState,
  own: Extract<WantedRule, { kind: 'own' }>,
  parts: OwnRuleParts,
  policy: JsonObject | undefined,
  present: LocatedRule | undefined,
): Step {
  const change = { kind: 'rule', name: `${own.policy} / ${ownRuleName}` } as const
  const { scopes, hook } = wanted
  const hookOf = (made: Made): JsonObject => ({ id: made.hookId ?? parts.hookId ?? '' })
  if (present === undefined) {
    const details = [
      `serves ${machineGrant} alone, calls ${hook.name}`,
      `grants ${scopes.join(' ')} for ${own.lifetimeMinutes} min`,
    ]
    return {
      change: { ...change, action: 'create', details },
      apply: async (api, made) => {
        const path = rulesPathOf(wanted.serverId, policy ?? { id: made.policyId ?? '' })
        await api.post(path, documentOf(own, scopes, hookOf(made)))
      },
    }
  }
  const { rule, path } = present
  const lifetime = memberAt(rule, ...lifetimePath)
  const missing = scopes.filter((scope) => !textsAt(rule, ...scopesPath).includes(scope))
  const isAttached = parts.hookId !== undefined && textAt(rule, ...inlineHookPath, 'id') === parts.hookId
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
        [inlineHookPath, hookOf(made)],
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

function documentOf(
  { lifetimeMinutes }: Extract<WantedRule, { kind: 'own' }>,
  scopes: readonly string[],
  inlineHook: JsonObject,
): JsonObject {
  return {
    type: 'RESOURCE_ACCESS',
    status: 'ACTIVE',
    name: ownRuleName,
    priority: 1,
    conditions: {
      people: { users: { include: [], exclude: [] }, groups: { include: ['EVERYONE'], exclude: [] } },
      grantTypes: { include: [machineGrant] },
      scopes: { include: [...scopes] },
    },
    actions: {
      token: {
        accessTokenLifetimeMinutes: lifetimeMinutes,
        refreshTokenLifetimeMinutes: 0,
        refreshTokenWindowMinutes: 10_080,
        inlineHook,
      },
    },
  }
}
