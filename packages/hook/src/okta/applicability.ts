import type { Json } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import {
  type AccessPatchCommand,
  lifetimePath,
  maxLifetimeSeconds,
  minLifetimeSeconds,
  type PatchOperation,
} from './command.ts'
import type { TokenHookEvent } from './event.ts'

/** Claims of access tokens that a patch must not touch. */
const reservedClaims: ReadonlySet<string> = new Set([
  'acr',
  'as_uri',
  'auth_time',
  'authorization_details',
  'cid',
  'cnf',
  'exp',
  'groups',
  'iat',
  'iss',
  'jti',
  'rpt',
  'rsi',
  'scp',
  'sid',
  'token_type',
  'uid',
  'username',
  'ver',
])

/**
 * Why Okta would drop a patch, or undefined when it will apply it. One operation that cannot be applied
 * makes Okta drop the whole patch and issue the plain token, so this is asked before every answer. It knows
 * claims at the top level only, because Behalf writes no others.
 */
export function whyInapplicable(
  commands: readonly AccessPatchCommand[],
  event: TokenHookEvent,
): string | undefined {
  if (!event.mintsAccessToken) return 'no access token is being minted'
  for (const command of commands) {
    for (const operation of command.value) {
      const reason = whyOperationInapplicable(operation, event)
      if (reason !== undefined) return reason
    }
  }
  return undefined
}

function whyOperationInapplicable(
  { op, path, value }: PatchOperation,
  event: TokenHookEvent,
): string | undefined {
  if (path === lifetimePath) return whyLifetimeInapplicable(op, value, event)
  const name = /^\/claims\/([^/]+)$/.exec(path)?.[1]
  if (name === undefined) return 'a path is not that of a claim at the top level'
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name === '__proto__')
    return 'a claim has a name with special characters'
  if (reservedClaims.has(name)) return 'a claim is reserved'
  if (op !== 'add' && !Object.hasOwn(event.access.claims, name)) return 'a claim to replace is not there'
  if (op === 'remove' ? value !== null : !isDocumentedValue(value))
    return 'a value is of a type that Okta does not document'
  return undefined
}

function whyLifetimeInapplicable(
  op: PatchOperation['op'],
  value: Json,
  event: TokenHookEvent,
): string | undefined {
  if (op !== 'replace') return 'the lifetime can only be replaced'
  if (event.access.lifetimeSeconds === undefined) return 'the lifetime to replace is not there'
  if (typeof value !== 'number' || !Number.isInteger(value)) return 'the lifetime is not a whole number'
  if (value < minLifetimeSeconds || value > maxLifetimeSeconds) return 'the lifetime is out of range'
  return value > event.access.lifetimeSeconds ? 'the lifetime would be extended' : undefined
}

function isDocumentedValue(value: Json): boolean {
  return typeof value === 'string' || Number.isSafeInteger(value) || isJsonObject(value)
}
