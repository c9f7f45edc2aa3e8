import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { isActive } from '../okta/rules.ts'
import { hooksPath, listHooks } from '../provisioning/hook-steps.ts'
import type { Step } from '../provisioning/plan.ts'
import { namePrefix, runThatMade } from './mark.ts'

/**
 * Says what probes have left in an org, to be removed: the server first, since its rule calls the hook. All is found by its
 * marks, so that a removal that broke off, or whose making broke off, goes on.
 *
 * @param runId - the run whose things are removed; those of every run by default
 */
export async function planProbeRemoval(api: ManagementApi, runId?: string): Promise<Step[]> {
  const query = `q=${encodeURIComponent(namePrefix)}&limit=200`
  const kinds: readonly (readonly [Step['change']['kind'], string, readonly JsonObject[]])[] = [
    ['server', '/api/v1/authorizationServers', await api.list(`/api/v1/authorizationServers?${query}`)],
    ['inline hook', hooksPath, await listHooks(api)],
    ['app', '/api/v1/apps', await api.list(`/api/v1/apps?${query}`)],
  ]
  return kinds.flatMap(([kind, path, documents]) =>
    documents
      .filter((document) => {
        const madeBy = runThatMade(document)
        return madeBy !== undefined && (runId === undefined || madeBy === runId)
      })
      .map(
        (document): Step => removal(kind, `${path}/${encodeURIComponent(textAt(document, 'id'))}`, document),
      ),
  )
}

function removal(kind: Step['change']['kind'], path: string, document: JsonObject): Step {
  const name = textAt(document, kind === 'app' ? 'label' : 'name')
  return {
    change: { action: 'delete', kind, name, details: [] },
    apply: async (api) => {
      if (isActive(document)) await api.post(`${path}/lifecycle/deactivate`)
      await api.delete(path)
    },
  }
}
