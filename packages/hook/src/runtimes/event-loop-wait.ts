/**
 * Tells how long what the event loop hands over may have been waiting: a busy process learns of a request
 * late, and a deadline that counted from then would end after the caller has given up.
 *
 * What is handed over in one turn of the loop became ready after the turn before the last began its wait, so
 * the time that the loop has been busy since is the upper bound.
 */
export class EventLoopWait {
  #busyAtLastTurn = busyMs()
  #busyAtTurnBefore: number = this.#busyAtLastTurn
  #stopped = false

  constructor() {
    this.#watch()
  }

  /** The longest that an event which is being handled now can have waited, in milliseconds. */
  upperBoundMs(): number {
    return busyMs() - this.#busyAtTurnBefore
  }

  stop(): void {
    this.#stopped = true
  }

  /** Immediates that are not referenced run once a turn, right after input was handled, and cause no turns. */
  #watch(): void {
    setImmediate(() => {
      this.#busyAtTurnBefore = this.#busyAtLastTurn
      this.#busyAtLastTurn = busyMs()
      if (!this.#stopped) this.#watch()
    }).unref()
  }
}

/** How long the loop has not been waiting for events, since it started. */
function busyMs(): number {
  return performance.eventLoopUtilization().active
}
