import { lost, SharedWork, unlessAborted } from '@behalf/core/internal'
import { keepAliveDuring } from './keep-alive.ts'

interface Flight<T> {
  readonly work: SharedWork<T>
  readonly abort: AbortController
  waiting: number
}

/** Bounds what is left of work that never ends: on Workers that of requests that went away, and nobody asked for again. */
const maxFlights = 10_000

/** Lets callers that want the same thing at the same time share one piece of work. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>()

  /** Whether work for this key is under way. */
  has(key: string): boolean {
    return this.#flights.has(key)
  }

  /**
   * Joins the work under way for `key`, or starts it. A caller whose signal is aborted leaves the others
   * alone; the work itself is aborted when the last one has left. Where the request that began it is gone with all it
   * has begun, as on Workers, another caller begins anew.
   *
   * @throws what the work throws, or the signal's reason
   */
  async run(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    signal?.throwIfAborted()
    for (;;) {
      const flight = this.#flights.get(key) ?? this.#start(key, work)
      flight.waiting++
      try {
        const outcome = await unlessAborted(flight.work.wait(), signal)
        if (outcome !== lost) return outcome
        this.#forget(key, flight)
      } finally {
        if (--flight.waiting === 0) {
          this.#forget(key, flight)
          if (!flight.work.hasLanded) flight.abort.abort()
        }
      }
    }
  }

  /** Lets nobody join the work under way for the keys of a family any more; those who wait for it get it. */
  closeFamily(family: string): void {
    for (const key of this.#flights.keys()) if (key.startsWith(family)) this.#flights.delete(key)
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController()
    const flight: Flight<T> = {
      // Nobody joins what is over.
      work: new SharedWork(() =>
        keepAliveDuring(work(abort.signal)).finally(() => this.#forget(key, flight)),
      ),
      abort,
      waiting: 0,
    }
    const [oldest] = this.#flights.keys()
    // Those who wait for it get it all the same; only nobody joins any more.
    if (oldest !== undefined && this.#flights.size >= maxFlights) this.#flights.delete(oldest)
    this.#flights.set(key, flight)
    return flight
  }

  #forget(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }
}
