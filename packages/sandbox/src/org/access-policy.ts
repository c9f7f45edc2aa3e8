import type { Dated } from './dated.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'

/** Who may use a policy: every client, or the listed client ids. */
export type PolicyClients = 'ALL_CLIENTS' | readonly string[]

/**
 * An access policy of an authorization server. Its `document` is what administrators wrote, unknown members
 * included; what decides is read from it.
 */
export interface AccessPolicy extends Dated {
  readonly id: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly document: JsonObject
  /** Okta made it; it cannot be removed. */
  readonly system: boolean
  /** In the order in which they are tried. */
  readonly rules: readonly PolicyRule[]
}

/** A rule of an access policy: the first that matches a request decides about its tokens. */
export interface PolicyRule extends Dated {
  readonly id: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly document: JsonObject
  /** Okta made it; it cannot be removed. */
  readonly system: boolean
}

/** What a policy decides about. */
export interface TokenRequest {
  readonly clientId: string
  readonly grantType: string
  readonly scopes: readonly string[]
  /** Whether a rule that names nobody is for nobody, instead of everybody. Default false. */
  readonly unnamedAreNobody?: boolean
  /** Absent for machines, and for people of whom it is not known yet who they are. */
  readonly person?: { readonly userId: string; readonly groupIds: readonly string[] }
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
    if (policy.status !== 'ACTIVE' || !includesClient(policy, request.clientId)) continue
    const rule = policy.rules.find((candidate) => admits(candidate, request))
    if (rule !== undefined) return { policy, rule }
  }
  return undefined
}

/** Says how long the rule's access tokens live; an hour when it does not say. */
export function accessTokenLifetimeSeconds({ document }: PolicyRule): number {
  const minutes = read(document, 'actions', 'token', 'accessTokenLifetimeMinutes')
  return typeof minutes === 'number' ? Math.round(minutes * 60) : 3600
}

/** Returns the id of the inline hook that may change the rule's tokens; a rule has at most one. */
export function inlineHookId({ document }: PolicyRule): string | undefined {
  const id = read(document, 'actions', 'token', 'inlineHook', 'id')
  return typeof id === 'string' ? id : undefined
}

/** Returns the grant types that the rule serves. */
export function grantTypesOf({ document }: PolicyRule): readonly string[] {
  return strings(read(document, 'conditions', 'grantTypes', 'include'))
}

/** Returns the scopes that the rule admits; `*` is any. */
export function scopesOf({ document }: PolicyRule): readonly string[] {
  return strings(read(document, 'conditions', 'scopes', 'include'))
}

/** Returns who may use the policy. */
export function clientsOf({ document }: AccessPolicy): PolicyClients {
  const include = strings(read(document, 'conditions', 'clients', 'include'))
  return include.includes('ALL_CLIENTS') ? 'ALL_CLIENTS' : include
}

function includesClient(policy: AccessPolicy, clientId: string): boolean {
  const clients = clientsOf(policy)
  return clients === 'ALL_CLIENTS' || clients.includes(clientId)
}

function admits(rule: PolicyRule, request: TokenRequest): boolean {
  const { grantType, scopes, person, unnamedAreNobody = false } = request
  const { status, document } = rule
  if (status !== 'ACTIVE' || !grantTypesOf(rule).includes(grantType)) return false
  if (unnamedAreNobody && namedIn(document, 'include').length === 0) return false
  if (person !== undefined && !admitsPerson(document, person)) return false
  const admitted = scopesOf(rule)
  return admitted.includes('*') || scopes.every((scope) => admitted.includes(scope))
}

/** Whoever is left out is not admitted; whoever is let in is, and everybody when nobody is named. */
function admitsPerson(
  document: JsonObject,
  { userId, groupIds }: NonNullable<TokenRequest['person']>,
): boolean {
  const named = (kind: 'users' | 'groups', list: 'include' | 'exclude'): readonly string[] =>
    strings(read(document, 'conditions', 'people', kind, list))
  const isIn = (list: 'include' | 'exclude'): boolean =>
    named('users', list).includes(userId) || named('groups', list).some((id) => groupIds.includes(id))
  if (isIn('exclude')) return false
  const included = namedIn(document, 'include')
  return included.length === 0 || included.includes('EVERYONE') || isIn('include')
}

function namedIn(document: JsonObject, list: 'include' | 'exclude'): readonly string[] {
  return ['users', 'groups'].flatMap((kind) => strings(read(document, 'conditions', 'people', kind, list)))
}

function read(document: JsonObject, ...path: readonly string[]): Json | undefined {
  let value: Json | undefined = document
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined
  return value
}

function strings(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []
}
