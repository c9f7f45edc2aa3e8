import type { Clock } from './clock.ts'
import { createIdentifier } from './identifier.ts'

/** An origin whose pages may call the org from browsers. */
export interface TrustedOrigin {
  readonly id: string
  readonly name: string
  /** Scheme, host and port, like `http://localhost:3000`. */
  readonly origin: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  /** ISO 8601 in UTC. */
  readonly created: string
  /** ISO 8601 in UTC. */
  readonly lastUpdated: string
}

/** Trusts an origin from now on. */
export function createTrustedOrigin(origin: string, clock: Clock, name: string = origin): TrustedOrigin {
  const created = new Date(clock.now()).toISOString()
  return { id: createIdentifier('tos'), name, origin, status: 'ACTIVE', created, lastUpdated: created }
}
