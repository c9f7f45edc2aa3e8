import type { Clock } from '@behalf/core'

/** A moment as it is counted and as it is written. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly epochMs: number
  /** ISO 8601, in UTC. */
  readonly text: string
}

/**
 * Makes what says which moment it is. Many fall into the same second, so all but their milliseconds is written once.
 */
export function createMoments(clock: Clock): () => Moment {
  let second = Number.NaN
  let written = ''
  return () => {
    const epochMs = clock.now()
    const millis = Math.floor(epochMs) % 1_000
    if (Math.floor(epochMs) - millis !== second) {
      second = Math.floor(epochMs) - millis
      written = new Date(second).toISOString().slice(0, -'000Z'.length)
    }
    return { epochMs, text: `${written}${String(millis).padStart(3, '0')}Z` }
  }
}
