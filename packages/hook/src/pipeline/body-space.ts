/** A share in the bytes that a hook holds of all bodies under way. */
export interface BodySpace {
  /** Takes so many more bytes; false when there is no room for them. */
  take(bytes: number): boolean
}

/** How much of all bodies under way is held at once, whoever sends them. */
export class BodyBudget {
  #left: number

  constructor(maxBytes: number) {
    this.#left = maxBytes
  }

  /** Opens the share of one request; what it has taken is given back by closing it. */
  open(): BodySpace & { close(): void } {
    let taken = 0
    return {
      take: (bytes) => {
        if (bytes > this.#left) return false
        this.#left -= bytes
        taken += bytes
        return true
      },
      close: () => {
        this.#left += taken
        taken = 0
      },
    }
  }
}
