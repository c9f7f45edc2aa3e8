import {
  type AccessPolicy,
  clientsOf,
  grantTypesOf,
  inlineHookId,
  type PolicyClients,
  type PolicyRule,
  scopesOf,
} from '../org/access-policy.ts'
import type { App } from '../org/app.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { everyoneName, groupNamesOf } from '../org/group.ts'
import type { Org } from '../org/org.ts'
import type { User } from '../org/user.ts'
import type { AppOptions, UserOptions } from './sandbox-options.ts'

/** One authorization server of the org. */
export interface SandboxServer {
  readonly id: string
  /** Exactly the `iss` of its tokens. */
  readonly issuer: string
  readonly audience: string
  readonly tokenEndpoint: string
  readonly authorizationEndpoint: string
  readonly jwksUri: string
  /** Its own scopes, without `openid` and the other standard ones. */
  readonly scopes: readonly string[]
  /** Its active rules, in the order in which they are tried: the first that serves a request decides. */
  readonly rules: readonly SandboxRule[]
}

/** A rule of an access policy, with what its policy says about clients. */
export interface SandboxRule {
  readonly name: string
  readonly clients: PolicyClients
  readonly grantTypes: readonly string[]
  /** `['*']` is any. */
  readonly scopes: readonly string[]
  /** The id of the inline hook that it calls. */
  readonly inlineHook?: string
}

/** Returns a server as its clients need to know it. */
export function describeServer({
  id,
  issuer,
  audience,
  scopes,
  policies,
}: AuthorizationServer): SandboxServer {
  return {
    id,
    issuer,
    audience,
    tokenEndpoint: `${issuer}/v1/token`,
    authorizationEndpoint: `${issuer}/v1/authorize`,
    jwksUri: `${issuer}/v1/keys`,
    scopes: scopes.filter(({ system }) => !system).map(({ name }) => name),
    rules: policies.flatMap((policy) =>
      policy.rules
        .filter(({ status }) => policy.status === 'ACTIVE' && status === 'ACTIVE')
        .map((rule) => describePolicyRule(policy, rule)),
    ),
  }
}

function describePolicyRule(policy: AccessPolicy, rule: PolicyRule): SandboxRule {
  const inlineHook = inlineHookId(rule)
  return {
    name: String(rule.document['name']),
    clients: clientsOf(policy),
    grantTypes: grantTypesOf(rule),
    scopes: scopesOf(rule),
    ...(inlineHook === undefined ? {} : { inlineHook }),
  }
}

/** An inline hook of the org, without its secret. */
export interface SandboxHook {
  readonly id: string
  readonly name: string
  readonly uri: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  /** Which requests it is called for: server, rule and grant types of every active rule that names it. */
  readonly rules: readonly {
    readonly serverId: string
    readonly rule: string
    readonly grantTypes: readonly string[]
  }[]
}

/** Returns the hooks of an org and where they are attached. */
export function describeHooks({ inlineHooks, authorizationServers }: Org): readonly SandboxHook[] {
  const attached = [...authorizationServers.values()].flatMap(({ id: serverId, policies }) =>
    policies.flatMap(({ status, rules }) =>
      rules
        .filter((rule) => status === 'ACTIVE' && rule.status === 'ACTIVE')
        .map((rule) => ({ hookId: inlineHookId(rule), rule: { serverId, ...describeRule(rule) } })),
    ),
  )
  return [...inlineHooks.values()].map(({ id, name, uri, status }) => ({
    id,
    name,
    uri,
    status,
    rules: attached.filter(({ hookId }) => hookId === id).map(({ rule }) => rule),
  }))
}

function describeRule(rule: PolicyRule): { readonly rule: string; readonly grantTypes: readonly string[] } {
  return { rule: String(rule.document['name']), grantTypes: grantTypesOf(rule) }
}

/** Returns a user as options have them. */
export function describeUser(org: Org, { id, login, profile, amr }: User): UserOptions {
  const groups = groupNamesOf(org, id).filter((name) => name !== everyoneName)
  return {
    ...profile,
    id,
    login,
    ...(groups.length === 0 ? {} : { groups }),
    ...(amr.join() === 'pwd' ? {} : { amr: [...amr] }),
  }
}

/** Returns an app as options have it. */
export function describeApp(app: App): AppOptions {
  const { clientId, label, type, auth, grantTypes, managementScopes, redirectUris, postLogoutRedirectUris } =
    app
  const common = { clientId, label }
  const redirects = { redirectUris, postLogoutRedirectUris }
  if (auth.method === 'none') return { ...common, type: type === 'native' ? type : 'spa', ...redirects }
  return type === 'service'
    ? {
        ...common,
        type,
        auth,
        ...(grantTypes.join() === 'client_credentials' ? {} : { grantTypes }),
        ...(managementScopes.length === 0 ? {} : { managementScopes }),
      }
    : { ...common, type: 'web', auth, ...redirects }
}
