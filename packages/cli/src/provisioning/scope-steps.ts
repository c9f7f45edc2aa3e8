import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import type { Step } from './plan.ts'
import { provisioningMark } from './wanted.ts'

function pathOf(serverId: string): string {
  return `/api/v1/authorizationServers/${encodeURIComponent(serverId)}/scopes`
}

/** The scopes that are missing are created; those that are there are left as they are. */
export async function planScopes(
  api: ManagementApi,
  serverId: string,
  scopes: readonly string[],
): Promise<Step[]> {
  if (scopes.length === 0) return []
  const present = new Set((await api.list(pathOf(serverId))).map((scope) => textAt(scope, 'name')))
  return scopes.map((name) => {
    const change = { kind: 'scope', name, details: [] } as const
    if (present.has(name)) return { change: { ...change, action: 'keep' } }
    const scope = { name, description: provisioningMark, consent: 'IMPLICIT', metadataPublish: 'NO_CLIENTS' }
    return {
      change: { ...change, action: 'create' },
      apply: async () => {
        await api.post(pathOf(serverId), scope)
      },
    }
  })
}

/** The scopes that provisioning has made are deleted. */
export async function planScopeRemoval(api: ManagementApi, serverId: string): Promise<Step[]> {
  const scopes = await api.list(pathOf(serverId))
  return scopes
    .filter((scope) => textAt(scope, 'description') === provisioningMark)
    .map((scope) => ({
      change: { action: 'delete', kind: 'scope', name: textAt(scope, 'name'), details: [] },
      apply: () => api.delete(`${pathOf(serverId)}/${encodeURIComponent(textAt(scope, 'id'))}`),
    }))
}
