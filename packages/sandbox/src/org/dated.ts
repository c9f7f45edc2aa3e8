import type { Clock } from './clock.ts'

/** When something was made and last changed, in ISO 8601 and UTC. */
export interface Dated {
  readonly created: string
  readonly lastUpdated: string
}

/** Returns the org's time in ISO 8601 and UTC. */
export function timestamp(clock: Clock): string {
  return new Date(clock.now()).toISOString()
}

/** Returns the dates of what is made now. */
export function datedNow(clock: Clock): Dated {
  const created = timestamp(clock)
  return { created, lastUpdated: created }
}
