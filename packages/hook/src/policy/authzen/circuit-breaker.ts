import type { Clock } from '@behalf/core'
import { isRecent } from '@behalf/core/internal'

/** When a breaker opens, and for how long. */
export interface CircuitBreakerOptions {
  /** How many calls must fail one after the other. */
  readonly failures: number
  /** How long no call is let through then; afterwards one at a time, until one succeeds. */
  readonly openMs: number
  readonly clock: Clock
}

/** Keeps calls from a dependency that does not answer, so that they fail at once and it can recover. */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions
  #failures = 0
  #failedAt = Number.NEGATIVE_INFINITY
  #probing = false

  constructor(options: CircuitBreakerOptions) {
    this.#options = options
  }

  /** Whether a call may be made; if so, its end must be told. */
  admit(): boolean {
    if (this.#failures < this.#options.failures) return true
    const { clock, openMs } = this.#options
    if (this.#probing || isRecent(clock, this.#failedAt, openMs)) return false
    this.#probing = true
    return true
  }

  succeeded(): void {
    this.#failures = 0
    this.#probing = false
  }

  failed(): void {
    this.#failures++
    this.#probing = false
    this.#failedAt = this.#options.clock.now()
  }
}
