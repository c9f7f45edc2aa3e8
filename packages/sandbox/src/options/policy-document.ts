import type { AccessPolicy, PolicyRule } from '../org/access-policy.ts'
import type { Dated } from '../org/dated.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import type { PolicyOptions, RuleOptions } from './sandbox-options.ts'

const machineGrant = 'client_credentials'

/** Builds a policy as Okta keeps it. */
export function createPolicy(
  { id, name, clients = 'ALL_CLIENTS', rules }: PolicyOptions,
  dated: Dated,
  machineHook?: string,
): AccessPolicy {
  const include = clients === 'ALL_CLIENTS' ? ['ALL_CLIENTS'] : [...clients]
  const document: JsonObject = {
    type: 'OAUTH_AUTHORIZATION_POLICY',
    name,
    description: name,
    conditions: { clients: { include } },
  }
  return {
    id: id ?? createIdentifier('00p'),
    status: 'ACTIVE',
    document,
    system: false,
    ...dated,
    rules: rules.map((rule) => createRule(rule, dated, machineHook)),
  }
}

/** Builds a rule as Okta keeps it; `machineHook` is for rules of machines that name no hook. */
function createRule(options: RuleOptions, dated: Dated, machineHook: string | undefined): PolicyRule {
  const { grantTypes = ['authorization_code', machineGrant], scopes = ['*'] } = options
  const { name, accessTokenLifetimeSeconds: lifetimeSeconds = 3600 } = options
  const hookId = options.inlineHook ?? (grantTypes.includes(machineGrant) ? machineHook : undefined)
  const document: JsonObject = {
    type: 'RESOURCE_ACCESS',
    name,
    conditions: {
      people: { users: { include: [], exclude: [] }, groups: { include: ['EVERYONE'], exclude: [] } },
      grantTypes: { include: [...grantTypes] },
      scopes: { include: [...scopes] },
    },
    actions: {
      token: {
        accessTokenLifetimeMinutes: lifetimeSeconds / 60,
        refreshTokenLifetimeMinutes: 0,
        refreshTokenWindowMinutes: 10_080,
        ...(hookId === undefined ? {} : { inlineHook: { id: hookId } }),
      },
    },
  }
  return { id: options.id ?? createIdentifier('0pr'), status: 'ACTIVE', system: false, ...dated, document }
}
