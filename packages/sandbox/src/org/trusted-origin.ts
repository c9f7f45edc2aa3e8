import type { Clock } from './clock.ts'
import { type Dated, datedNow } from './dated.ts'
import { createIdentifier } from './identifier.ts'

/** An origin whose pages may call the org from browsers. */
export interface TrustedOrigin extends Dated {
  readonly id: string
  readonly name: string
  /** Scheme, host and port, like `http://localhost:3000`. */
  readonly origin: string
  readonly status: 'ACTIVE' | 'INACTIVE'
}

/** Trusts an origin from now on. */
export function createTrustedOrigin(origin: string, clock: Clock, name: string = origin): TrustedOrigin {
  return { id: createIdentifier('tos'), name, origin, status: 'ACTIVE', ...datedNow(clock) }
}
