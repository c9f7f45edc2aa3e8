import type { Clock } from '../org/clock.ts'
import type { HookKey } from '../org/hook-key.ts'
import type { OktaFacts } from '../org/okta-facts.ts'

/** What calls to hooks go through. */
export interface HookTransport {
  /** Calls hooks. */
  readonly fetch: typeof fetch
  /** Calls the token endpoints of hooks' owners. */
  readonly fetchToken: typeof fetch
  /** From the start of the connection to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** What is known of the org about calls that Okta's documentation leaves open. */
  readonly facts: OktaFacts
  /** The keys for hooks that ask for `private_key_jwt`, by id. */
  readonly hookKeys: ReadonlyMap<string, HookKey>
}
