import type { JsonObject } from '@behalf/core'
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

/** Every rule of an authorization server, in the order in which they are tried. */
export async function listRules(api: ManagementApi, serverId: string): Promise<readonly LocatedRule[]> {
  const policiesPath = `/api/v1/authorizationServers/${encodeURIComponent(serverId)}/policies`
  const located: LocatedRule[] = []
  for (const policy of await api.list(policiesPath)) {
    const rulesPath = `${policiesPath}/${textAt(policy, 'id')}/rules`
    for (const rule of await api.list(rulesPath)) {
      located.push({ serverId, policy, rule, path: `${rulesPath}/${textAt(rule, 'id')}` })
    }
  }
  return located
}

/** Whether machine tokens can be issued under a rule. */
export function servesMachines({ policy, rule }: LocatedRule): boolean {
  return (
    rule['status'] !== 'INACTIVE' &&
    policy['status'] !== 'INACTIVE' &&
    textsAt(rule, 'conditions', 'grantTypes', 'include').includes('client_credentials')
  )
}

/** The id of the hook that a rule calls; empty when it calls none. */
export function hookIdOf({ rule }: Pick<LocatedRule, 'rule'>): string {
  return textAt(rule, 'actions', 'token', 'inlineHook', 'id')
}

/** How people call a rule: the names of policy and rule. */
export function nameOfRule({ policy, rule }: Pick<LocatedRule, 'policy' | 'rule'>): string {
  return `${textAt(policy, 'name')} / ${textAt(rule, 'name')}`
}
