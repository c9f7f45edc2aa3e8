import type { ManagementApi } from '../okta/management-api.ts'
import { textsAt } from '../okta/members.ts'
import { CommandError } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'
import type { Step } from './plan.ts'
import type { WantedState } from './wanted.ts'

/**
 * Checks that the server that issues delegated tokens has the placeholder as its audience when the hook has resources. Another
 * audience is refused and not changed: tokens with it may be about.
 */
export async function planServer(
  api: ManagementApi,
  { serverId, placeholder }: WantedState,
): Promise<readonly Step[]> {
  if (placeholder === undefined) return []
  const server = await api.find(`/api/v1/authorizationServers/${encodeURIComponent(serverId)}`)
  const name = printable(serverId)
  const remedy = `make a server with the audience ${printable(placeholder)} and name it with --server`
  if (server === undefined) throw new CommandError(`the org has no authorization server '${name}'; ${remedy}`)
  const audiences = textsAt(server, 'audiences')
  if (audiences.length !== 1 || audiences[0] !== placeholder)
    throw new CommandError(
      `the authorization server '${name}' has the audience ${audiences.map(printable).join(', ') || 'none'}, so a plain token of it is good at an API, and the hook would deny every exchange (resource_unprotected). Nothing was changed; ${remedy}`,
    )
  return [
    {
      change: {
        action: 'keep',
        kind: 'server',
        name,
        details: [`audience ${printable(placeholder)}, which no API accepts`],
      },
    },
  ]
}
