/** Time as Behalf sees it; passed in, so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /**
   * Calls `callback` once after `delayMs` and returns a function that cancels it. A pending call does not
   * keep the process alive.
   */
  schedule(callback: () => void, delayMs: number): () => void
}

/**
 * Says whether less than `periodMs` has passed since a moment. A clock that was set back by more than that ends the period:
 * what waits for it would else wait for as long as the clock is off.
 */
export function isRecent(clock: Clock, momentMs: number, periodMs: number): boolean {
  return Math.abs(clock.now() - momentMs) < periodMs
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(callback, delayMs) {
    const timer = setTimeout(callback, delayMs)
    // Workers return a number, which needs no unref.
    if (typeof timer === 'object') timer.unref()
    return () => clearTimeout(timer)
  },
}
