/**
 * Brings together what comes in during one turn of the event loop, so that it can go on in one go: requests that
 * are decided one after the other find the processor's caches warm, and answers that are written one after the
 * other wake their reader once. With nothing else to do it costs no time.
 */
export class TurnEnd {
  #reached: Promise<void> | undefined

  /** Resolves when all input of this turn was handled, for everybody at the same moment. */
  reached(): Promise<void> {
    this.#reached ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#reached = undefined
        resolve()
      })
    })
    return this.#reached
  }
}
