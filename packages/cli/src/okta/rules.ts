import type { JsonObject } from '@behalf/core'
import { printable } from '../terminal/printable.ts'
import type { ManagementApi } from './management-api.ts'
import { textAt, textsAt } from './members.ts'

/** A rule of an access policy, with the documents as Okta has them. */
export interface LocatedRule {
  readonly serverId: string
  readonly policy: JsonObject
  readonly rule: JsonObject
  /** Where the rule is. */
  readonly path: string
}

/** How many policies are read at a time: an org serves 35 calls at a time, others' among them. */
const width = 6

/** The grant type of machine tokens. */
export const machineGrant = 'client_credentials'

/** Says where the access policies of an authorization server are. */
export function policiesPathOf(serverId: string): string {
  return `/api/v1/authorizationServers/${encodeURIComponent(serverId)}/policies`
}

/** Says where the rules of an access policy are. */
export function rulesPathOf(serverId: string, policy: JsonObject): string {
  return `${policiesPathOf(serverId)}/${encodeURIComponent(textAt(policy, 'id'))}/rules`
}

/**
 * Returns the rules of an authorization server, in the order in which they are tried.
 *
 * @param reads - the policies that are read, all by default: each takes a call of its own
 */
export async function listRules(
  api: Pick<ManagementApi, 'list'>,
  serverId: string,
  reads: (policy: JsonObject) => boolean = () => true,
): Promise<readonly LocatedRule[]> {
  return rulesOfAll(api, serverId, (await api.list(policiesPathOf(serverId))).filter(reads))
}

/** Returns the rules of several access policies, in their order. */
export async function rulesOfAll(
  api: Pick<ManagementApi, 'list'>,
  serverId: string,
  policies: readonly JsonObject[],
): Promise<readonly LocatedRule[]> {
  const located: LocatedRule[] = []
  for (let start = 0; start < policies.length; start += width) {
    const some = policies.slice(start, start + width)
    located.push(...(await Promise.all(some.map((policy) => rulesOf(api, serverId, policy)))).flat())
  }
  return located
}

/** Returns the rules of one access policy. */
export async function rulesOf(
  api: Pick<ManagementApi, 'list'>,
  serverId: string,
  policy: JsonObject,
): Promise<readonly LocatedRule[]> {
  const rulesPath = rulesPathOf(serverId, policy)
  const rules = await api.list(rulesPath)
  return rules.map((rule) => ({
    serverId,
    policy,
    rule,
    path: `${rulesPath}/${encodeURIComponent(textAt(rule, 'id'))}`,
  }))
}

/** Says whether tokens are issued under a policy or a rule. */
export function isActive(document: JsonObject): boolean {
  return document['status'] !== 'INACTIVE'
}

/** Returns the grant types that a rule serves. */
export function grantTypesOf({ rule }: Pick<LocatedRule, 'rule'>): readonly string[] {
  return textsAt(rule, 'conditions', 'grantTypes', 'include')
}

/** Says whether machine tokens can be issued under a rule. */
export function servesMachines(located: LocatedRule): boolean {
  return isActive(located.rule) && isActive(located.policy) && grantTypesOf(located).includes(machineGrant)
}

/** Returns the grant types besides client_credentials: a hook is called for each, and denies all of them. */
export function otherGrantTypesOf(located: Pick<LocatedRule, 'rule'>): readonly string[] {
  return grantTypesOf(located).filter((grantType) => grantType !== machineGrant)
}

/** What a policy names when it is for every client. */
export const allClients = 'ALL_CLIENTS'

/** Returns the clients that a policy is for, {@link allClients} among them. */
export function clientsOf(policy: JsonObject): readonly string[] {
  return textsAt(policy, 'conditions', 'clients', 'include')
}

/** Says whether a policy is for a client. */
export function admitsClient(policy: JsonObject, clientId: string): boolean {
  const clients = clientsOf(policy)
  return clients.includes(allClients) || clients.includes(clientId)
}

/** Returns the rule that decides about the machine tokens of a client: the first that fits. */
export function ruleForClient(
  rules: readonly LocatedRule[],
  clientId: string,
  scopes: readonly string[],
): LocatedRule | undefined {
  return rules.find(
    (located) => servesMachines(located) && admitsClient(located.policy, clientId) && grants(located, scopes),
  )
}

function grants({ rule }: LocatedRule, scopes: readonly string[]): boolean {
  const granted = textsAt(rule, 'conditions', 'scopes', 'include')
  return granted.includes('*') || scopes.every((scope) => granted.includes(scope))
}

/** Returns the id of the hook that a rule calls; empty when it calls none. */
export function hookIdOf({ rule }: Pick<LocatedRule, 'rule'>): string {
  return textAt(rule, 'actions', 'token', 'inlineHook', 'id')
}

/** Says how people call a rule: the names of policy and rule, safe to print. */
export function nameOfRule({ policy, rule }: Pick<LocatedRule, 'policy' | 'rule'>): string {
  return printable(`${textAt(policy, 'name')} / ${textAt(rule, 'name')}`)
}
