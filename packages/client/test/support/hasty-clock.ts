import type { Clock } from '@behalf/core'

/** Pauses pass at once and are noted; the deadline never comes. */
export class HastyClock implements Clock {
  readonly pauses: number[] = []
  #now = Date.UTC(2026, 10, 1)

  now(): number {
    return this.#now
  }

  schedule(callback: () => void, delayMs: number): () => void {
    if (delayMs >= 10_000) return () => undefined
    this.pauses.push(delayMs)
    this.#now += delayMs
    queueMicrotask(callback)
    return () => undefined
  }
}
