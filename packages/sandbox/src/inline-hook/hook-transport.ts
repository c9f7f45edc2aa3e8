import type { Clock } from '../org/clock.ts'
import type { HookKey } from '../org/hook-key.ts'

/** What calls to hooks go through. */
export interface HookTransport {
  /** Calls hooks. */
  readonly fetch: typeof fetch
  /** Calls the token endpoints of hooks' owners. */
  readonly fetchToken: typeof fetch
  /** From the start of the connection to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** The keys for hooks that ask for `private_key_jwt`, by id. */
  readonly hookKeys: ReadonlyMap<string, HookKey>
}
