import { scopeDocument } from '../okta/documents.ts'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt, textsAt } from '../okta/members.ts'
import { type LocatedRule, nameOfRule } from '../okta/rules.ts'
import { markOf } from './mark.ts'
import type { Step } from './plan.ts'
import type { WantedState } from './wanted.ts'

function pathOf(serverId: string): string {
  return `/api/v1/authorizationServers/${encodeURIComponent(serverId)}/scopes`
}

/** Creates the scopes that are missing; those that are there are left as they are. */
export async function planScopes(
  api: ManagementApi,
  { serverId, scopes, hook }: WantedState,
): Promise<Step[]> {
  if (scopes.length === 0) return []
  const present = new Set(
    (await api.list(`${pathOf(serverId)}?limit=200`)).map((scope) => textAt(scope, 'name')),
  )
  return scopes.map((name) => {
    const change = { kind: 'scope', name, details: [] } as const
    if (present.has(name)) return { change: { ...change, action: 'keep' } }
    const scope = scopeDocument(name, markOf(hook.name))
    return {
      change: { ...change, action: 'create' },
      apply: async () => {
        await api.post(pathOf(serverId), scope)
      },
    }
  })
}

/** Deletes the scopes that this installation has made, unless a rule of somebody else grants them. */
export async function planScopeRemoval(
  api: ManagementApi,
  serverId: string,
  installation: string,
  othersRules: readonly LocatedRule[],
): Promise<Step[]> {
  const scopes = await api.list(`${pathOf(serverId)}?limit=200`)
  return scopes
    .filter((scope) => textAt(scope, 'description') === markOf(installation))
    .map((scope) => {
      const change = { kind: 'scope', name: textAt(scope, 'name') } as const
      const user = othersRules.find(
        (located) =>
          located.serverId === serverId &&
          textsAt(located.rule, 'conditions', 'scopes', 'include').includes(change.name),
      )
      if (user !== undefined)
        return {
          change: { ...change, action: 'keep', details: [`the rule '${nameOfRule(user)}' grants it`] },
        }
      return {
        change: { ...change, action: 'delete', details: [] },
        apply: () => api.delete(`${pathOf(serverId)}/${encodeURIComponent(textAt(scope, 'id'))}`),
      }
    })
}
