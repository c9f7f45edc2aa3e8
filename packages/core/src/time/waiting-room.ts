/** Places to wait in, which several may share. */
export class WaitingRoom {
  readonly #places: number
  #taken = 0

  constructor(places: number) {
    this.#places = places
  }

  /** Waits for something in a place and returns true; false at once when there is none. */
  async waitIn(wait: () => Promise<void>): Promise<boolean> {
    if (this.#taken >= this.#places) return false
    this.#taken++
    try {
      await wait()
    } finally {
      this.#taken--
    }
    return true
  }
}
