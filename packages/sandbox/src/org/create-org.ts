import { systemClock } from '../clock.ts'
import { defaultOrg } from '../default-org.ts'
import type { InlineHook } from '../inline-hook/inline-hook.ts'
import type {
  AppOptions,
  AuthorizationServerOptions,
  InlineHookOptions,
  PolicyOptions,
  RuleOptions,
  SandboxOptions,
  UserOptions,
} from '../sandbox-options.ts'
import type { AccessPolicy, PolicyRule } from './access-policy.ts'
import type { App } from './app.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { createIdentifier } from './identifier.ts'
import type { Org } from './org.ts'
import { systemScopes } from './scope.ts'
import { SigningKeys } from './signing-keys.ts'
import { SystemLog } from './system-log.ts'
import type { User } from './user.ts'

const machineGrant = 'client_credentials'
const shortHookId = 'calBehalf00000000001'

/** Builds the org that the options describe; `url` is where it listens. */
export async function createOrg(options: SandboxOptions, url: string): Promise<Org> {
  const { clock = systemClock, hook, inlineHooks = [] } = options
  const { authorizationServers, apps, users } = { ...defaultOrg, ...options }
  const hooks: InlineHookOptions[] = [...inlineHooks]
  if (hook !== undefined) {
    const { header, secret, ...rest } = hook
    const auth = header === undefined ? { secret } : { header, secret }
    hooks.push({ id: shortHookId, name: 'Behalf', auth, ...rest })
  }
  const machineHook = hook === undefined ? undefined : shortHookId
  const servers = await Promise.all(authorizationServers.map((server) => serverOf(server, url, machineHook)))
  return {
    url,
    clock,
    hookTransport: { fetch: options.fetch ?? fetch, timeoutMs: options.hookTimeoutMs ?? 3000 },
    authorizationServers: new Map(servers.map((server) => [server.id, server])),
    apps: new Map(apps.map((app) => [app.clientId, appOf(app)])),
    users: new Map(users.map(userOf).map((user) => [user.id, user])),
    inlineHooks: new Map(hooks.map((entry) => [entry.id, hookOf(entry)])),
    systemLog: new SystemLog(clock),
  }
}

async function serverOf(
  options: AuthorizationServerOptions,
  url: string,
  machineHook: string | undefined,
): Promise<AuthorizationServer> {
  const { id, name = id, audience = `api://${id}`, scopes = [], accessTokenClaims = [], signingKey } = options
  const own = scopes.map((scope) =>
    typeof scope === 'string' ? { name: scope, default: false } : { default: false, ...scope },
  )
  return {
    id,
    name,
    audience,
    issuer: `${url}/oauth2/${id}`,
    status: 'ACTIVE',
    scopes: [...systemScopes.map((scope) => ({ name: scope, default: false })), ...own],
    accessTokenClaims,
    policies: (options.policies ?? defaultPolicies).map((policy) => policyOf(policy, machineHook)),
    keys: await SigningKeys.create(signingKey),
  }
}

const defaultPolicies: readonly PolicyOptions[] = [
  {
    name: 'Default policy',
    rules: [
      { name: 'People', grantTypes: ['authorization_code'] },
      { name: 'Machines', grantTypes: [machineGrant] },
    ],
  },
]

function policyOf(
  { id, name, clients, rules }: PolicyOptions,
  machineHook: string | undefined,
): AccessPolicy {
  return {
    id: id ?? createIdentifier('00p'),
    name,
    status: 'ACTIVE',
    clients: clients ?? 'ALL_CLIENTS',
    rules: rules.map((rule) => ruleOf(rule, machineHook)),
  }
}

function ruleOf(options: RuleOptions, machineHook: string | undefined): PolicyRule {
  const { grantTypes = ['authorization_code', machineGrant], inlineHook } = options
  return {
    id: options.id ?? createIdentifier('0pr'),
    name: options.name,
    status: 'ACTIVE',
    grantTypes,
    scopes: options.scopes ?? ['*'],
    accessTokenLifetimeSeconds: options.accessTokenLifetimeSeconds ?? 3600,
    inlineHook: inlineHook ?? (grantTypes.includes(machineGrant) ? machineHook : undefined),
  }
}

function appOf(options: AppOptions): App {
  const { clientId, label = clientId, type } = options
  const common = { clientId, label, type, status: 'ACTIVE' as const }
  if (options.type === 'service') {
    const { auth } = options
    return { ...common, auth, redirectUris: [], postLogoutRedirectUris: [], grantTypes: [machineGrant] }
  }
  return {
    ...common,
    auth: { method: 'none' },
    redirectUris: options.redirectUris,
    postLogoutRedirectUris: options.postLogoutRedirectUris ?? [],
    grantTypes: ['authorization_code', 'refresh_token'],
  }
}

function userOf({ id = createIdentifier('00u'), login, ...attributes }: UserOptions): User {
  const profile = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return { id, login, profile: Object.fromEntries(profile) }
}

function hookOf({ id, name = id, uri, auth, headers = {} }: InlineHookOptions): InlineHook {
  return {
    id,
    name,
    status: 'ACTIVE',
    uri,
    auth: { header: auth.header ?? 'Authorization', secret: auth.secret },
    headers,
  }
}
