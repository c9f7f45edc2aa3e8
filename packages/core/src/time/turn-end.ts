import type { Clock } from './clock.ts'

/** How long the first may wait for the others; a turn with much input can last for seconds. */
const longestWaitMs = 5

/**
 * Brings together what comes in during one turn of the event loop, so that it can go on in one go: requests that
 * are decided one after the other find the processor's caches warm, and answers that are written one after the
 * other wake their reader once. With nothing else to do it costs no time, and otherwise a few milliseconds.
 */
export class TurnEnd {
  readonly #clock: Clock
  #reached: PromiseWithResolvers<void> | undefined
  #sinceMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when all input of this turn was handled, or has taken too long, for everybody at the same moment. */
  reached(): Promise<void> {
    if (this.#reached === undefined) {
      const reached = Promise.withResolvers<void>()
      this.#reached = reached
      this.#sinceMs = this.#clock.now()
      setImmediate(() => this.#resolve(reached))
    }
    return this.#reached.promise
  }

  /** To be told of every piece of input, because no timer runs before all of it is handled. */
  moreInput(): void {
    if (this.#reached !== undefined && this.#clock.now() - this.#sinceMs >= longestWaitMs)
      this.#resolve(this.#reached)
  }

  #resolve(reached: PromiseWithResolvers<void>): void {
    if (this.#reached === reached) this.#reached = undefined
    reached.resolve()
  }
}
