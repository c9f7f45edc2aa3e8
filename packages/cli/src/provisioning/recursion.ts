import type { JsonObject } from '@behalf/core'
import { isLoopback } from '@behalf/core/internal'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { admitsClient, isActive, type LocatedRule, listRules, servesMachines } from '../okta/rules.ts'

/** Where and as whom Okta obtains the token that it sends to an OAuth-secured hook. */
export interface HookTokenSource {
  readonly tokenUrl: string
  readonly clientId: string
}

/** Returns the source that a hook names. */
export function tokenSourceOf(hook: JsonObject): HookTokenSource {
  const config = (name: string): string => textAt(hook, 'channel', 'config', name)
  return { tokenUrl: config('tokenUrl'), clientId: config('clientId') }
}

/**
 * Returns the authorization server of this org that issues the token for a hook; undefined when another org, or something else,
 * issues it. A custom domain does not hide it: ids of servers are unique among all orgs, `default` aside, and so are
 * those of clients, which get tokens from their own org alone.
 */
export async function serverOfTokenSource(
  api: ManagementApi,
  { tokenUrl, clientId }: HookTokenSource,
): Promise<JsonObject | undefined> {
  const url = URL.parse(tokenUrl)
  const [, id] = /^\/+oauth2\/+([^/]+)\/+v1\/+token\/*$/i.exec(url?.pathname ?? '') ?? []
  if (url === null || id === undefined) return undefined
  const server = await api.find(`/api/v1/authorizationServers/${id}`)
  if (server === undefined) return undefined
  const isOurs =
    id !== 'default' ||
    isSameHost(url, api.orgUrl) ||
    isSameHost(url, textAt(server, 'issuer')) ||
    (await api.find(`/api/v1/apps/${encodeURIComponent(clientId)}`)) !== undefined
  return isOurs ? server : undefined
}

/** Loopback has several names. */
function isSameHost(url: URL, other: string): boolean {
  const { host, hostname, port } = URL.parse(other) ?? { host: '', hostname: '', port: '' }
  return url.host === host || (url.port === port && isLoopback(url.hostname) && isLoopback(hostname))
}

/** Returns the rules under which a client may get tokens from a server: one that calls the client's own hook never ends. */
export async function rulesForClient(
  api: ManagementApi,
  server: JsonObject,
  clientId: string,
): Promise<readonly LocatedRule[]> {
  const rules = await listRules(
    api,
    textAt(server, 'id'),
    (policy) => isActive(policy) && admitsClient(policy, clientId),
  )
  return rules.filter(servesMachines)
}
