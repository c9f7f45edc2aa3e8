/** Time as the org sees it: token times, lifetimes and log entries follow it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() }

/** Returns whole seconds since the epoch, as JWT claims have them. */
export function epochSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000)
}
