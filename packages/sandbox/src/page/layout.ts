import type { LiveOrg } from '../live-org.ts'
import { describeServer } from '../options/sandbox-description.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'

/** Which server is for what, as the page takes it. */
export interface PageLayout {
  /** Where people sign in. */
  readonly users?: AuthorizationServer
  /** Where machines get delegated tokens. */
  readonly delegation?: AuthorizationServer
}

/**
 * Finds the server for delegated tokens: the one whose audience is nobody's, or else whose rule for machines calls a hook,
 * or else the first that serves machines.
 *
 * @see RFC 6761 §6.4
 */
export function layoutOf({ authorizationServers }: LiveOrg): PageLayout {
  const servers = [...authorizationServers.values()].map((server) => ({ server, ...describeServer(server) }))
  const serving = (grantType: string): typeof servers =>
    servers.filter(({ rules }) => rules.some(({ grantTypes }) => grantTypes.includes(grantType)))
  const forMachines = serving('client_credentials')
  const delegation =
    forMachines.find(({ audience }) => URL.parse(audience)?.hostname.endsWith('.invalid')) ??
    forMachines.find(({ rules }) => rules.some(({ inlineHook }) => inlineHook !== undefined)) ??
    forMachines[0]
  const forPeople = serving('authorization_code')
  const users = forPeople.find((server) => server !== delegation) ?? forPeople[0]
  return {
    ...(users === undefined ? {} : { users: users.server }),
    ...(delegation === undefined ? {} : { delegation: delegation.server }),
  }
}
