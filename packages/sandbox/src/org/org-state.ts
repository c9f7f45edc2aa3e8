import type { HookKey } from '../inline-hook/hook-key.ts'
import type { InlineHook } from '../inline-hook/inline-hook.ts'
import type { AccessPolicy } from './access-policy.ts'
import type { App } from './app.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import type { Org } from './org.ts'
import type { Scope } from './scope.ts'
import { type PrivateJwk, SigningKey } from './signing-key.ts'
import { SigningKeys, type SigningKeysState } from './signing-keys.ts'
import type { LogEvent } from './system-log.ts'
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
  readonly inlineHooks: readonly InlineHook[]
  readonly hookKeys: readonly HookKeyState[]
  readonly log: readonly LogEvent[]
}

interface AuthorizationServerState extends Omit<AuthorizationServer, 'issuer' | 'keys'> {
  readonly keys: SigningKeysState
  readonly policies: readonly AccessPolicy[]
  readonly scopes: readonly Scope[]
}

interface HookKeyState extends Omit<HookKey, 'key'> {
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
    inlineHooks: [...org.inlineHooks.values()],
    hookKeys: [...org.hookKeys.values()].map(({ key, ...rest }) => ({ ...rest, key: key.privateJwk })),
    log: org.systemLog.events(),
  })
}

/** Puts an exported state in the place of what the org consists of; issuers follow the org's own address. */
export function importState(org: Org, exported: OrgState): void {
  const state = structuredClone(exported)
  if (state.version !== 1) throw new TypeError('state.version: expected 1')
  replaceEntries(
    org.authorizationServers,
    state.authorizationServers.map(({ keys, ...server }) => [
      server.id,
      { ...server, issuer: `${org.url}/oauth2/${server.id}`, keys: SigningKeys.restore(keys) },
    ]),
  )
  replaceEntries(
    org.apps,
    state.apps.map((app) => [app.clientId, app]),
  )
  replaceEntries(
    org.users,
    state.users.map((user) => [user.id, user]),
  )
  replaceEntries(
    org.inlineHooks,
    state.inlineHooks.map((hook) => [hook.id, hook]),
  )
  replaceEntries(
    org.hookKeys,
    state.hookKeys.map(({ key, ...rest }) => [rest.id, { ...rest, key: SigningKey.from(key) }]),
  )
  org.systemLog.restore(state.log)
}

function replaceEntries<Value>(
  map: Map<string, Value>,
  entries: readonly (readonly [string, Value])[],
): void {
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}
