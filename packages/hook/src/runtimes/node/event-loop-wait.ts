/**
 * Tells how long a request that the event loop hands over may have been waiting: a busy process learns of it
 * late, and a deadline that counted from then would end after the caller has given up.
 *
 * Two things make a request wait unseen. What is handed over in one turn of the loop became ready after the
 * turn before the last began its wait. And Node takes over one connection a turn, so a new one has waited
 * since the turns in a row began that each took one over.
 */
export class EventLoopWait {
  /** How long the loop had been busy at the end of the last turn, and of the one before. */
  #last: Reading = read()
  #beforeLast: Reading = this.#last
  #turn = 0
  #tookConnection = false
  /** When nobody was waiting to be taken over, as busy time. */
  #noneWaitingAt: number = this.#last.busyMs
  readonly #connections = new WeakMap<object, { readonly turn: number; readonly since: number }>()
  #stopped = false

  constructor() {
    this.#watch()
  }

  /** To be told of every new connection. */
  connectionTaken(connection: object): void {
    // A loop that was waiting for something to do had nobody waiting for it.
    if (read().idleMs > this.#last.idleMs) this.#noneWaitingAt = this.#last.busyMs
    this.#connections.set(connection, { turn: this.#turn, since: this.#noneWaitingAt })
    this.#tookConnection = true
  }

  /** The longest that a request which is being handed over now can have waited, in milliseconds. */
  upperBoundMs(connection: object): number {
    const taken = this.#connections.get(connection)
    this.#connections.delete(connection)
    // A request that was not there in the turn after the connection was has come by itself.
    const since = taken !== undefined && this.#turn - taken.turn <= 1 ? taken.since : this.#beforeLast.busyMs
    return read().busyMs - since
  }

  stop(): void {
    this.#stopped = true
  }

  /** Immediates that are not referenced run once a turn, right after input was handled, and cause no turns. */
  #watch(): void {
    setImmediate(() => {
      if (!this.#tookConnection) this.#noneWaitingAt = this.#last.busyMs
      this.#tookConnection = false
      this.#beforeLast = this.#last
      this.#last = read()
      this.#turn++
      if (!this.#stopped) this.#watch()
    }).unref()
  }
}

/** For how long the loop has been at work, and for how long it has waited for something to do. */
interface Reading {
  readonly busyMs: number
  readonly idleMs: number
}

function read(): Reading {
  const { active, idle } = performance.eventLoopUtilization()
  return { busyMs: active, idleMs: idle }
}
