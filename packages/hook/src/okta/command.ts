import type { Json } from '@behalf/core'

/** One change of a token, in Okta's dialect of JSON Patch. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove'
  /** `/claims/<name>` with an optional tail, or `/token/lifetime/expiration`. */
  readonly path: string
  readonly value: Json
}

/**
 * A command that extends the access token being minted.
 *
 * @see https://developer.okta.com/docs/guides/token-inline-hook/nodejs/main/
 */
export interface AccessPatchCommand {
  readonly type: 'com.okta.access.patch'
  readonly value: readonly PatchOperation[]
}

/** The shortest lifetime that Okta gives an access token. */
export const minLifetimeSeconds = 300
/** The longest lifetime that Okta gives an access token. */
export const maxLifetimeSeconds = 86_400
/** Where a patch changes the lifetime. */
export const lifetimePath = '/token/lifetime/expiration'

const claimsPath = '/claims/'

/** Returns the path of a claim at the top level, escaped as a JSON Pointer. */
export function claimPath(name: string): string {
  return `${claimsPath}${/[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name}`
}

/** Returns the name of the claim at the top level that a path leads to; undefined when it leads anywhere else. */
export function claimAt(path: string): string | undefined {
  const escaped = path.startsWith(claimsPath) ? path.slice(claimsPath.length) : ''
  if (!/[~/]/.test(escaped)) return escaped === '' ? undefined : escaped
  return /^(?:[^/~]|~[01])+$/.test(escaped) ? escaped.replaceAll('~1', '/').replaceAll('~0', '~') : undefined
}
