import type { Clock } from '../org/clock.ts'
import { type Dated, datedNow } from '../org/dated.ts'
import type { HookKey } from '../org/hook-key.ts'
import { type InlineHook, tokenHookType } from '../org/inline-hook.ts'
import type { Org } from '../org/org.ts'
import { Sessions } from '../org/session.ts'
import { SigningKey } from '../org/signing-key.ts'
import { SystemLog } from '../org/system-log.ts'
import { createTrustedOrigin } from '../org/trusted-origin.ts'
import { createApp } from './app-from-options.ts'
import { defaultApiToken, defaultOrg } from './default-org.ts'
import { createGroups, createUser } from './people-from-options.ts'
import type { HookKeyOptions, InlineHookOptions, SandboxOptions } from './sandbox-options.ts'
import { createServer } from './server-from-options.ts'

const shortHookId = 'calBehalf00000000001'

/** Builds the org that the options describe; `url` is where it listens. */
export async function createOrg(options: SandboxOptions, url: string, clock: Clock): Promise<Org> {
  const { hook, apiTokens = [defaultApiToken], groups = [], hookKeys = [], trustedOrigins = [] } = options
  const { authorizationServers, apps, users: people } = { ...defaultOrg, ...options }
  const dated = datedNow(clock)
  const machineHook = hook === undefined ? undefined : shortHookId
  const users = people.map((user) => createUser(user, dated))
  const members = users.map(({ id }, index) => ({ userId: id, names: people[index]?.groups ?? [] }))
  return {
    url,
    clock,
    authorizationServers: byId(
      await Promise.all(authorizationServers.map((server) => createServer(server, url, dated, machineHook))),
    ),
    apps: new Map(apps.map((app) => [app.clientId, createApp(app, dated)])),
    users: byId(users),
    groups: byId(createGroups(groups, members, dated)),
    hookKeys: byId(await Promise.all(hookKeys.map((key) => createHookKey(key, dated)))),
    eventHooks: new Map(),
    tokensRevoked: new Map(),
    inlineHooks: byId(hooksOf(options).map((entry) => createInlineHook(entry, dated))),
    trustedOrigins: byId(trustedOrigins.map((origin) => createTrustedOrigin(origin, clock))),
    facts: options.facts ?? {},
    sessions: new Sessions(clock),
    systemLog: new SystemLog(clock, options.facts),
    apiTokens: new Set(apiTokens),
  }
}

function byId<Entry extends { readonly id: string }>(entries: readonly Entry[]): Map<string, Entry> {
  return new Map(entries.map((entry) => [entry.id, entry]))
}

function hooksOf({ hook, inlineHooks = [] }: SandboxOptions): readonly InlineHookOptions[] {
  if (hook === undefined) return inlineHooks
  const { header, secret, ...rest } = hook
  const auth = header === undefined ? { secret } : { header, secret }
  return [...inlineHooks, { id: shortHookId, name: 'Behalf', auth, ...rest }]
}

function createInlineHook(
  { id, name = id, uri, auth, headers = {} }: InlineHookOptions,
  dated: Dated,
): InlineHook {
  return {
    id,
    name,
    type: tokenHookType,
    version: '1.0.0',
    status: 'ACTIVE',
    uri,
    auth: 'type' in auth ? auth : { type: 'header', header: 'Authorization', ...auth },
    headers,
    ...dated,
  }
}

async function createHookKey({ id, name = id, key }: HookKeyOptions, dated: Dated): Promise<HookKey> {
  return {
    id,
    name,
    ...dated,
    key: key === undefined ? await SigningKey.generate() : await SigningKey.from(key),
  }
}
