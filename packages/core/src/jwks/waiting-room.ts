/** Places to wait in, which several may share. */
export class WaitingRoom {
  readonly #places: number
  #taken = 0

  constructor(places: number) {
    this.#places = places
  }

  /** Waits for something in a place; undefined at once when there is none. */
  async waitIn(wait: () => Promise<void>): Promise<'waited' | undefined> {
    if (this.#taken >= this.#places) return undefined
    this.#taken++
    try {
      await wait()
    } finally {
      this.#taken--
    }
    return 'waited'
  }
}
