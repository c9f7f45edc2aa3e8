/**
 * Tells how long what the event loop hands over may have been waiting: a busy process learns of a request
 * late, and a deadline that counted from then would end after the caller has given up.
 *
 * What is handed over in one turn of the loop became ready after the turn before the last began its wait, so
 * the time that the loop has been busy since is the upper bound. A connection is taken over one turn before
 * its first request, which may have been there all along.
 */
export class EventLoopWait {
  /** How long the loop had been busy at the end of the last turns, the oldest first. */
  #turns: readonly [number, number, number] = [busyMs(), busyMs(), busyMs()]
  #stopped = false

  constructor() {
    this.#watch()
  }

  /** The longest that a request which is being handled now can have waited, in milliseconds. */
  upperBoundMs(isFirstOfConnection: boolean): number {
    return busyMs() - this.#turns[isFirstOfConnection ? 0 : 1]
  }

  stop(): void {
    this.#stopped = true
  }

  /** Immediates that are not referenced run once a turn, right after input was handled, and cause no turns. */
  #watch(): void {
    setImmediate(() => {
      this.#turns = [this.#turns[1], this.#turns[2], busyMs()]
      if (!this.#stopped) this.#watch()
    }).unref()
  }
}

/** How long the loop has not been waiting for events, since it started. */
function busyMs(): number {
  return performance.eventLoopUtilization().active
}
