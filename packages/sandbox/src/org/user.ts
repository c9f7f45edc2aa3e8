import type { Dated } from './dated.ts'
import type { Json } from './json.ts'

/** A person of the org. */
export interface User extends Dated {
  /** The `uid` of tokens, like `00u…`. */
  readonly id: string
  /** What the person signs in with, and the `sub` of their access tokens. */
  readonly login: string
  readonly status: 'ACTIVE' | 'STAGED' | 'SUSPENDED' | 'DEPROVISIONED'
  /** Profile attributes, by the names that OpenID Connect gives them (`name`, `email`, …). */
  readonly profile: Readonly<Record<string, Json>>
  /** How the person signs in, as `amr` has it. */
  readonly amr: readonly string[]
}

/** Returns the person's e-mail address: a login is one unless another is given. */
export function emailOf({ login, profile }: User): Json | undefined {
  return profile['email'] ?? (login.includes('@') ? login : undefined)
}

/** Okta's names of profile attributes that OpenID Connect calls something else. */
export const oidcNames: ReadonlyMap<string, string> = new Map([
  ['firstName', 'given_name'],
  ['lastName', 'family_name'],
  ['middleName', 'middle_name'],
  ['displayName', 'name'],
  ['nickName', 'nickname'],
  ['profileUrl', 'profile'],
  ['primaryPhone', 'phone_number'],
  ['timezone', 'zoneinfo'],
])
