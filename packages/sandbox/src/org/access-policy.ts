/** Who may use a policy: every client, or the listed client ids. */
export type PolicyClients = 'ALL_CLIENTS' | readonly string[]

/** An access policy of an authorization server. */
export interface AccessPolicy {
  readonly id: string
  name: string
  status: 'ACTIVE' | 'INACTIVE'
  clients: PolicyClients
  /** In the order in which they are tried. */
  rules: PolicyRule[]
}

/** A rule of an access policy: the first that matches a request decides about its tokens. */
export interface PolicyRule {
  readonly id: string
  name: string
  status: 'ACTIVE' | 'INACTIVE'
  grantTypes: readonly string[]
  /** Every requested scope must be among them; `*` stands for any. */
  scopes: readonly string[]
  accessTokenLifetimeSeconds: number
  /** The id of the inline hook that may change the tokens; a rule has at most one. */
  inlineHook: string | undefined
}

/** What a policy decides about. */
export interface TokenRequest {
  readonly clientId: string
  readonly grantType: string
  readonly scopes: readonly string[]
}

/** The rule that matched, with its policy. */
export interface PolicyMatch {
  readonly policy: AccessPolicy
  readonly rule: PolicyRule
}

/** Finds the first active rule of the first active policy that admits the request. */
export function matchPolicies(
  policies: readonly AccessPolicy[],
  request: TokenRequest,
): PolicyMatch | undefined {
  for (const policy of policies) {
    if (policy.status !== 'ACTIVE' || !includesClient(policy.clients, request.clientId)) continue
    const rule = policy.rules.find((candidate) => admits(candidate, request))
    if (rule !== undefined) return { policy, rule }
  }
  return undefined
}

function includesClient(clients: PolicyClients, clientId: string): boolean {
  return clients === 'ALL_CLIENTS' || clients.includes(clientId)
}

function admits(rule: PolicyRule, { grantType, scopes }: TokenRequest): boolean {
  if (rule.status !== 'ACTIVE' || !rule.grantTypes.includes(grantType)) return false
  return rule.scopes.includes('*') || scopes.every((scope) => rule.scopes.includes(scope))
}
