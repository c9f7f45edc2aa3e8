import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { admitsClient, isActive, type LocatedRule, listRules, servesMachines } from '../okta/rules.ts'

/**
 * The authorization server of this org that a token URL is of; undefined when it is another's. Ids are unique among
 * all orgs, `default` aside, so that a custom domain does not hide a server.
 */
export async function serverOfTokenUrl(
  api: ManagementApi,
  tokenUrl: string,
): Promise<JsonObject | undefined> {
  const url = URL.parse(tokenUrl)
  const [, id] = /^\/+oauth2\/+([^/]+)\/+v1\/+token\/*$/i.exec(url?.pathname ?? '') ?? []
  if (url === null || id === undefined) return undefined
  const isOrgHost = url.host === URL.parse(api.orgUrl)?.host
  const server = await api.find(`/api/v1/authorizationServers/${id}`)
  if (server === undefined) return undefined
  const isIssuerHost = url.host === URL.parse(textAt(server, 'issuer'))?.host
  return isOrgHost || isIssuerHost || id !== 'default' ? server : undefined
}

/** The rules under which a client may get tokens from a server: one that calls the client's own hook never ends. */
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
