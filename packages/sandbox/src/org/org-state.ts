import type { AccessPolicy } from './access-policy.ts'
import type { App } from './app.ts'
import { type AuthorizationServer, issuerOf } from './authorization-server.ts'
import type { EventHook } from './event-hook.ts'
import type { Group } from './group.ts'
import type { HookKey } from './hook-key.ts'
import type { InlineHook } from './inline-hook.ts'
import type { Org } from './org.ts'
import type { Scope } from './scope.ts'
import { type PrivateJwk, SigningKey } from './signing-key.ts'
import { SigningKeys, type SigningKeysState } from './signing-keys.ts'
import type { LogEvent } from './system-log.ts'
import type { TrustedOrigin } from './trusted-origin.ts'
import type { User } from './user.ts'

/**
 * Everything that an org is made of, as JSON: private keys and secrets included. Sign-ins, codes and refresh
 * tokens are not in it; neither are faults in force.
 */
export interface OrgState {
  readonly version: 1
  readonly authorizationServers: readonly AuthorizationServerState[]
  readonly apps: readonly App[]
  readonly users: readonly User[]
  readonly groups: readonly Group[]
  readonly inlineHooks: readonly InlineHook[]
  /** Absent in states of versions that had none. */
  readonly eventHooks?: readonly EventHook[]
  readonly hookKeys: readonly HookKeyState[]
  readonly trustedOrigins: readonly TrustedOrigin[]
  readonly log: readonly LogEvent[]
}

/** An authorization server as it is exported. */
export interface AuthorizationServerState extends Omit<AuthorizationServer, 'issuer' | 'keys'> {
  readonly keys: SigningKeysState
  readonly policies: readonly AccessPolicy[]
  readonly scopes: readonly Scope[]
}

/** A hook key as it is exported. */
export interface HookKeyState extends Omit<HookKey, 'key'> {
  readonly key: PrivateJwk
}

/** Copies the state of an org; what happens to the org later does not change the copy. */
export function exportState(org: Org): OrgState {
  return structuredClone({
    version: 1,
    authorizationServers: [...org.authorizationServers.values()].map(({ issuer: _, keys, ...server }) => ({
      ...server,
      keys: keys.state,
    })),
    apps: [...org.apps.values()],
    users: [...org.users.values()],
    groups: [...org.groups.values()],
    inlineHooks: [...org.inlineHooks.values()],
    eventHooks: [...org.eventHooks.values()],
    hookKeys: [...org.hookKeys.values()].map(({ key, ...rest }) => ({ ...rest, key: key.privateJwk })),
    trustedOrigins: [...org.trustedOrigins.values()],
    log: org.systemLog.events(),
  })
}

/** Puts an exported state in the place of what the org consists of; issuers follow the org's own address. */
export async function importState(org: Org, exported: OrgState): Promise<void> {
  const state = structuredClone(exported)
  const servers = await Promise.all(
    state.authorizationServers.map(async ({ keys, ...server }) => ({
      ...server,
      issuer: issuerOf(org.url, server.id),
      keys: await SigningKeys.restore(keys),
    })),
  )
  const hookKeys = await Promise.all(
    state.hookKeys.map(async ({ key, ...rest }) => ({ ...rest, key: await SigningKey.from(key) })),
  )
  replaceEntries(org.authorizationServers, servers, ({ id }) => id)
  replaceEntries(org.apps, state.apps, ({ clientId }) => clientId)
  replaceEntries(org.users, state.users, ({ id }) => id)
  replaceEntries(org.groups, state.groups, ({ id }) => id)
  replaceEntries(org.inlineHooks, state.inlineHooks, ({ id }) => id)
  replaceEntries(org.eventHooks, state.eventHooks ?? [], ({ id }) => id)
  replaceEntries(org.hookKeys, hookKeys, ({ id }) => id)
  replaceEntries(org.trustedOrigins, state.trustedOrigins, ({ id }) => id)
  org.sessions.clear()
  org.tokensRevoked.clear()
  org.systemLog.restore(state.log)
}

function replaceEntries<Value>(
  map: Map<string, Value>,
  values: readonly Value[],
  keyOf: (value: Value) => string,
): void {
  map.clear()
  for (const value of values) map.set(keyOf(value), value)
}
