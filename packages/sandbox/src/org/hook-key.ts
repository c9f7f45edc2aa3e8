import type { SigningKey } from './signing-key.ts'

/** A key with which the org authenticates at the token endpoints of hooks' owners. */
export interface HookKey {
  readonly id: string
  readonly name: string
  readonly key: SigningKey
  /** ISO 8601 in UTC. */
  readonly created: string
  /** ISO 8601 in UTC. */
  readonly lastUpdated: string
}
