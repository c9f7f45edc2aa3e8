import type { JsonObject } from '@behalf/core'
import { hookKeysPath } from '../okta/hook-keys.ts'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { isActive } from '../okta/rules.ts'
import { hooksPath } from '../provisioning/hook-steps.ts'
import type { Step } from '../provisioning/plan.ts'
import { namePrefix, runThatMade, runThatMadeKey } from './mark.ts'

/**
 * Says what probes have left in an org, to be removed: the server first, since its rule calls the hook. All is found by its
 * marks, so that a removal that broke off, or whose making broke off, goes on.
 *
 * @param runId - the run whose things are removed; those of every run by default
 */
export async function planProbeRemoval(api: ManagementApi, runId?: string): Promise<Step[]> {
  const query = `q=${encodeURIComponent(namePrefix)}&limit=200`
  const servers = '/api/v1/authorizationServers'
  const isOurs = (madeBy: string | undefined): boolean =>
    madeBy !== undefined && (runId === undefined || madeBy === runId)
  const found = async (
    kind: Step['change']['kind'],
    path: string,
    list: string,
    makerOf: (document: JsonObject) => string | undefined = runThatMade,
  ): Promise<Step[]> =>
    (await api.list(list))
      .filter((document) => isOurs(makerOf(document)))
      .map((document) => removal(kind, `${path}/${encodeURIComponent(textAt(document, 'id'))}`, document))
  return [
    ...(await found('server', servers, `${servers}?${query}`)),
    ...(await found('inline hook', hooksPath, hooksPath)),
    ...(await found('hook key', hookKeysPath, hookKeysPath, runThatMadeKey)),
    ...(await found('app', '/api/v1/apps', `/api/v1/apps?${query}`)),
  ]
}

function removal(kind: Step['change']['kind'], path: string, document: JsonObject): Step {
  const name = textAt(document, kind === 'app' ? 'label' : 'name')
  return {
    change: { action: 'delete', kind, name, details: [] },
    apply: async (api) => {
      if (kind !== 'hook key' && isActive(document)) await api.post(`${path}/lifecycle/deactivate`)
      await api.delete(path)
    },
  }
}
