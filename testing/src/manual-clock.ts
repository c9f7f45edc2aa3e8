import type { Clock } from '@behalf/core'

/** A clock that stands still until told to advance. */
export class ManualClock implements Clock {
  #now: number
  #pending: { readonly at: number; readonly callback: () => void }[] = []

  /** @param startMs - milliseconds since the epoch; 2026-11-01T00:00:00Z by default */
  constructor(startMs: number = Date.UTC(2026, 10, 1)) {
    this.#now = startMs
  }

  now(): number {
    return this.#now
  }

  /** The whole seconds since the epoch, as claims have them. */
  get seconds(): number {
    return Math.floor(this.#now / 1000)
  }

  schedule(callback: () => void, delayMs: number): () => void {
    const entry = { at: this.#now + delayMs, callback }
    this.#pending.push(entry)
    return () => {
      this.#pending = this.#pending.filter((other) => other !== entry)
    }
  }

  /** How many calls are scheduled. */
  get pending(): number {
    return this.#pending.length
  }

  /** Moves time to the next call that is scheduled, and makes it. */
  advanceToNext(): void {
    const next = Math.min(...this.#pending.map(({ at }) => at))
    if (!Number.isFinite(next)) throw new Error('nothing is scheduled that time could bring about')
    this.advance(Math.max(0, next - this.#now))
  }

  /** Moves time and calls what falls due, in order. Negative moves set the clock back and call nothing. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const next = this.#pending.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#pending = this.#pending.filter((other) => other !== next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
    }
    this.#now = end
  }
}
