import { hash } from 'node:crypto'

const rowCount = 4
const columnsPerUser = 8

/**
 * Cut-offs of any number of users in a space that does not grow: a count-min sketch that keeps the latest instead of a sum. A
 * user has a place in each row, shared with others; a place keeps the latest cut-off of all who share it, and of a user's
 * places the earliest counts. So no cut-off is ever found earlier than it is, and somebody else's only where every place is
 * shared.
 */
export class CutOffSketch {
  readonly #columns: number
  readonly #rows: readonly Float64Array[]

  /** @param users - how many may be cut off until one in 5 000 others is, too; each takes 256 bytes */
  constructor(users: number) {
    this.#columns = users * columnsPerUser
    this.#rows = Array.from({ length: rowCount }, () =>
      new Float64Array(this.#columns).fill(Number.NEGATIVE_INFINITY),
    )
  }

  /** Moves a user's cut-off to a moment, unless it is there or later already. */
  raise(user: string, cutOff: number): void {
    for (const [row, column] of this.#placesOf(user)) row[column] = Math.max(row[column] ?? cutOff, cutOff)
  }

  /** Returns the user's cut-off, or a later one of others; undefined when there is none. */
  find(user: string): number | undefined {
    const found = Math.min(...this.#placesOf(user).map(([row, column]) => row[column] ?? Number.NaN))
    return found === Number.NEGATIVE_INFINITY ? undefined : found
  }

  #placesOf(user: string): readonly (readonly [row: Float64Array, column: number])[] {
    const digest = hash('sha256', user, 'buffer')
    return this.#rows.map((row, index) => [row, digest.readUInt32LE(4 * index) % this.#columns])
  }
}
