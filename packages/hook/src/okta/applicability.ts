import type { Json } from '@behalf/core'
import {
  type AccessPatchCommand,
  claimAt,
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
 * Says why Okta would drop a patch, or undefined when it will apply it. One operation that cannot be applied
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
  const name = claimAt(path)
  if (name === undefined) return 'a path is not that of a claim at the top level'
  if (!isUsableName(name)) return 'a claim has a name with special characters'
  if (reservedClaims.has(name)) return 'a claim is reserved'
  if (op !== 'add' && !Object.hasOwn(event.access.claims, name)) return 'a claim to replace is not there'
  if (op === 'remove') return value === null ? undefined : 'a claim to remove is given a value'
  const reason = whyValueInapplicable(value)
  return reason === undefined ? undefined : `the value of the claim ${name} ${reason}`
}

/** Names as customers have them: words, words with dots, and URLs, in the characters that RFC 3986 leaves unescaped. */
function isUsableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_\-.~:/?#@!$&'()*+,;=]*$/.test(name) && name !== '__proto__'
}

/** Lists are in Okta's own examples; what is inside of a list or an object is taken as it is. */
function whyValueInapplicable(value: Json): string | undefined {
  if (typeof value === 'string' || (typeof value === 'object' && value !== null)) return undefined
  if (value === null) return 'is null, which Okta takes for none'
  if (typeof value === 'number' && Number.isInteger(value))
    return Number.isSafeInteger(value) ? undefined : 'is a number beyond 2^53'
  const kind = typeof value === 'boolean' ? 'boolean' : 'fraction'
  return `is a bare ${kind}, which Okta is not known to apply: put it into an object, or make it a string`
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
