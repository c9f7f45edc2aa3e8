import { systemClock } from './clock.ts'

/** What there is in place of an outcome that will never come, because the request that began the work has gone. */
export const lost: unique symbol = Symbol('lost')

/** How often work shows that it goes on, and whoever waits for it looks. */
const beatMs = 50
/** Both count in steps, so that a process that stood still, or is busy, takes nobody for gone. */
const missedBeats = 3

/**
 * Work that one caller begins and others wait for as well. Runtimes that keep requests apart, such as `workerd`, drop
 * what a request has begun together with the request: its timers stop, and its promises settle no longer, or reject with
 * an error of the runtime. So the work beats while it goes on, and whoever waits finds out when it does no longer. It
 * beats by the machine's clock whatever the time is said to be: what matters is whether timers still run.
 */
export class SharedWork<T> {
  readonly #outcome: Promise<T>
  #hasLanded = false
  #beats = 0

  constructor(work: () => Promise<T>) {
    this.#outcome = this.#run(work)
    // Whoever waits gets the outcome; this branch must not count as unhandled.
    this.#outcome.catch(() => undefined)
  }

  /** Whether the work is done, well or badly. */
  get hasLanded(): boolean {
    return this.#hasLanded
  }

  /**
   * Waits for the outcome.
   *
   * @returns {@link lost} when the work was dropped, so that somebody has to begin it anew
   * @throws what the work throws
   */
  async wait(): Promise<T | typeof lost> {
    const watch = this.#watch()
    try {
      return await Promise.race([this.#outcome, watch.stopped])
    } catch (error) {
      if (this.#hasLanded) throw error
      return lost
    } finally {
      watch.end()
    }
  }

  async #run(work: () => Promise<T>): Promise<T> {
    const end = every(() => {
      this.#beats++
      return true
    })
    try {
      return await work()
    } finally {
      this.#hasLanded = true
      end()
    }
  }

  #watch(): { readonly stopped: Promise<typeof lost>; end(): void } {
    const { promise, resolve } = Promise.withResolvers<typeof lost>()
    let seen = this.#beats
    let missed = 0
    const end = every(() => {
      missed = this.#beats === seen ? missed + 1 : 0
      seen = this.#beats
      if (missed >= missedBeats) resolve(lost)
      return missed < missedBeats
    })
    return { stopped: promise, end }
  }
}

/** Calls `step` at each beat until it says false or the returned function is called. */
function every(step: () => boolean): () => void {
  let cancel = (): void => undefined
  const next = (): void => {
    cancel = systemClock.schedule(() => {
      if (step()) next()
    }, beatMs)
  }
  next()
  return () => cancel()
}
