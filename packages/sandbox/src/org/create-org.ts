import { Faults } from '../faults/faults.ts'
import { faultyClock } from '../faults/faulty-clock.ts'
import { faultyFetch } from '../faults/faulty-fetch.ts'
import type { HookKey } from '../inline-hook/hook-key.ts'
import type { InlineHook } from '../inline-hook/inline-hook.ts'
import { defaultApiToken, defaultOrg } from '../options/default-org.ts'
import type {
  AppOptions,
  AuthorizationServerOptions,
  HookKeyOptions,
  InlineHookOptions,
  PolicyOptions,
  SandboxOptions,
  UserOptions,
} from '../options/sandbox-options.ts'
import type { App } from './app.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { type Clock, systemClock } from './clock.ts'
import { createIdentifier } from './identifier.ts'
import type { Org } from './org.ts'
import { createPolicy } from './policy-document.ts'
import { systemScopes } from './scope.ts'
import { SigningKey } from './signing-key.ts'
import { SigningKeys } from './signing-keys.ts'
import { SystemLog } from './system-log.ts'
import type { User } from './user.ts'

const shortHookId = 'calBehalf00000000001'

/** Builds the org that the options describe; `url` is where it listens. */
export async function createOrg(options: SandboxOptions, url: string): Promise<Org> {
  const { hook, apiTokens = [defaultApiToken] } = options
  const faults = new Faults()
  const clock = faultyClock(options.clock ?? systemClock, faults)
  const { authorizationServers, apps, users } = { ...defaultOrg, ...options }
  const machineHook = hook === undefined ? undefined : shortHookId
  const servers = await Promise.all(
    authorizationServers.map((server) => createAuthorizationServer(server, url, machineHook)),
  )
  const keys = await Promise.all((options.hookKeys ?? []).map((key) => createHookKey(key, clock)))
  const hookKeys = new Map(keys.map((key) => [key.id, key]))
  return {
    url,
    clock,
    hookTransport: {
      fetchToken: options.fetch ?? fetch,
      fetch: faultyFetch(options.fetch ?? fetch, faults),
      timeoutMs: options.hookTimeoutMs ?? 3000,
      clock,
      hookKeys,
    },
    authorizationServers: new Map(servers.map((server) => [server.id, server])),
    apps: new Map(apps.map((app) => [app.clientId, createApp(app)])),
    users: new Map(users.map(createUser).map((user) => [user.id, user])),
    hookKeys,
    inlineHooks: new Map(hooksOf(options).map((entry) => [entry.id, createInlineHook(entry, clock)])),
    systemLog: new SystemLog(clock),
    faults,
    apiTokens: new Set(apiTokens),
  }
}

function hooksOf({ hook, inlineHooks = [] }: SandboxOptions): readonly InlineHookOptions[] {
  if (hook === undefined) return inlineHooks
  const { header, secret, ...rest } = hook
  const auth = header === undefined ? { secret } : { header, secret }
  return [...inlineHooks, { id: shortHookId, name: 'Behalf', auth, ...rest }]
}

/** Builds an authorization server; `machineHook` is for its rules of machines that name no hook. */
export async function createAuthorizationServer(
  options: AuthorizationServerOptions,
  url: string,
  machineHook?: string,
): Promise<AuthorizationServer> {
  const { id, name = id, audience = `api://${id}`, scopes = [], accessTokenClaims = [], signingKey } = options
  const own = scopes.map((scope) => (typeof scope === 'string' ? { name: scope } : scope))
  return {
    id,
    name,
    description: name,
    audience,
    issuer: `${url}/oauth2/${id}`,
    status: 'ACTIVE',
    scopes: [
      ...systemScopes.map((scope) => ({ name: scope, system: true, default: false })),
      ...own.map((scope) => ({ system: false, default: false, ...scope })),
    ],
    accessTokenClaims,
    policies: (options.policies ?? defaultPolicies).map((policy) => createPolicy(policy, machineHook)),
    keys: await SigningKeys.create(signingKey),
  }
}

const defaultPolicies: readonly PolicyOptions[] = [
  {
    name: 'Default policy',
    rules: [
      { name: 'People', grantTypes: ['authorization_code'] },
      { name: 'Machines', grantTypes: ['client_credentials'] },
    ],
  },
]

function createApp(options: AppOptions): App {
  const { clientId, label = clientId } = options
  const common = { clientId, label, status: 'ACTIVE' as const }
  if (options.type === 'service') {
    const { type, auth, managementScopes = [] } = options
    const grantTypes = ['client_credentials']
    return {
      ...common,
      type,
      auth,
      redirectUris: [],
      postLogoutRedirectUris: [],
      grantTypes,
      managementScopes,
    }
  }
  const { type, redirectUris, postLogoutRedirectUris = [] } = options
  const grantTypes = ['authorization_code', 'refresh_token']
  const auth = { method: 'none' } as const
  return { ...common, type, auth, redirectUris, postLogoutRedirectUris, grantTypes, managementScopes: [] }
}

function createUser({ id = createIdentifier('00u'), login, ...attributes }: UserOptions): User {
  const profile = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return { id, login, profile: Object.fromEntries(profile) }
}

function createInlineHook(options: InlineHookOptions, clock: Clock): InlineHook {
  const { id, name = id, uri, auth, headers = {} } = options
  const created = new Date(clock.now()).toISOString()
  return {
    id,
    name,
    status: 'ACTIVE',
    uri,
    auth: 'type' in auth ? auth : { type: 'header', header: 'Authorization', ...auth },
    headers,
    created,
    lastUpdated: created,
  }
}

async function createHookKey({ id, name = id, key }: HookKeyOptions, clock: Clock): Promise<HookKey> {
  const created = new Date(clock.now()).toISOString()
  return { id, name, created, key: key === undefined ? await SigningKey.generate() : SigningKey.from(key) }
}
