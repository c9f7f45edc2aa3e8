/** Places that several may share, a fixed number of them: a counting semaphore at which nobody queues. */
export class Places {
  readonly #count: number
  #taken = 0

  constructor(count: number) {
    this.#count = count
  }

  /** Takes a place, which must be given back; false when there is none. */
  take(): boolean {
    if (this.#taken >= this.#count) return false
    this.#taken++
    return true
  }

  /** Gives a place back. */
  release(): void {
    this.#taken--
  }

  /** How many are taken. */
  get taken(): number {
    return this.#taken
  }

  /** Whether no place is left. */
  get areTaken(): boolean {
    return this.#taken >= this.#count
  }

  /** Works in a place and returns true; false at once when there is none. */
  async during(work: () => Promise<unknown>): Promise<boolean> {
    if (!this.take()) return false
    try {
      await work()
    } finally {
      this.release()
    }
    return true
  }
}
