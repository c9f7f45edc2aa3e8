import type { App } from '../org/app.ts'
import { type AuthorizationServer, createAuthorizationServer } from '../org/authorization-server.ts'
import type { Clock } from '../org/clock.ts'
import type { HookKey } from '../org/hook-key.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { InlineHook } from '../org/inline-hook.ts'
import type { Org } from '../org/org.ts'
import { SigningKey } from '../org/signing-key.ts'
import { SigningKeys } from '../org/signing-keys.ts'
import { SystemLog } from '../org/system-log.ts'
import { createTrustedOrigin } from '../org/trusted-origin.ts'
import type { User } from '../org/user.ts'
import { defaultApiToken, defaultOrg } from './default-org.ts'
import { createPolicy } from './policy-document.ts'
import type {
  AppOptions,
  AuthorizationServerOptions,
  HookKeyOptions,
  InlineHookOptions,
  PolicyOptions,
  SandboxOptions,
  UserOptions,
} from './sandbox-options.ts'

const shortHookId = 'calBehalf00000000001'

/** Builds the org that the options describe; `url` is where it listens. */
export async function createOrg(options: SandboxOptions, url: string, clock: Clock): Promise<Org> {
  const { hook, apiTokens = [defaultApiToken] } = options
  const { authorizationServers, apps, users } = { ...defaultOrg, ...options }
  const machineHook = hook === undefined ? undefined : shortHookId
  const servers = await Promise.all(
    authorizationServers.map((server) => createServer(server, url, machineHook)),
  )
  const keys = await Promise.all((options.hookKeys ?? []).map((key) => createHookKey(key, clock)))
  return {
    url,
    clock,
    authorizationServers: new Map(servers.map((server) => [server.id, server])),
    apps: new Map(apps.map((app) => [app.clientId, createApp(app)])),
    users: new Map(users.map(createUser).map((user) => [user.id, user])),
    hookKeys: new Map(keys.map((key) => [key.id, key])),
    inlineHooks: new Map(hooksOf(options).map((entry) => [entry.id, createInlineHook(entry, clock)])),
    trustedOrigins: new Map(
      (options.trustedOrigins ?? [])
        .map((origin) => createTrustedOrigin(origin, clock))
        .map((entry) => [entry.id, entry]),
    ),
    systemLog: new SystemLog(clock),
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
async function createServer(
  options: AuthorizationServerOptions,
  url: string,
  machineHook: string | undefined,
): Promise<AuthorizationServer> {
  const { id, name = id, audience = `api://${id}`, scopes = [], accessTokenClaims = [] } = options
  const { resourceParameters = 'ignored', signingKey } = options
  const own = scopes.map((scope) => (typeof scope === 'string' ? { name: scope } : scope))
  return createAuthorizationServer(url, {
    id,
    name,
    description: name,
    audience,
    scopes: own.map((scope) => ({ system: false, default: false, ...scope })),
    accessTokenClaims,
    policies: (options.policies ?? defaultPolicies).map((policy) => createPolicy(policy, machineHook)),
    resourceParameters,
    keys: await SigningKeys.create(signingKey),
  })
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
  return {
    id,
    name,
    created,
    lastUpdated: created,
    key: key === undefined ? await SigningKey.generate() : await SigningKey.from(key),
  }
}
