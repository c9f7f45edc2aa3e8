import type { Clock } from '@behalf/core'

/** Pauses pass at once and are noted; deadlines, from a given length on, never come. */
export class HastyClock implements Clock {
  readonly pauses: number[] = []
  readonly #deadlinesFromMs: number
  #now = Date.UTC(2026, 10, 1)

  constructor(deadlinesFromMs = 10_000) {
    this.#deadlinesFromMs = deadlinesFromMs
  }

  now(): number {
    return this.#now
  }

  schedule(callback: () => void, delayMs: number): () => void {
    if (delayMs >= this.#deadlinesFromMs) return () => undefined
    this.pauses.push(delayMs)
    this.#now += delayMs
    queueMicrotask(callback)
    return () => undefined
  }
}
