import type { Clock } from '@behalf/core'
import { late, waitFor } from '@behalf/core/internal'
import type { Verdict } from './answer.ts'

const tooLate: Verdict = { kind: 'deny', denial: { code: 'deadline_exceeded' } }

/** When a request must be answered, and the signal that says that the time has passed. */
export class Deadline {
  readonly #atMs: number
  readonly #longestMs: number
  readonly #clock: Clock
  #abort: AbortController | undefined

  /**
   * @param arrivedAtMs - milliseconds since the epoch
   * @param deadlineMs - how long after it the answer may come; also the longest wait, should the clock be set back
   */
  constructor(arrivedAtMs: number, deadlineMs: number, clock: Clock) {
    this.#atMs = arrivedAtMs + deadlineMs
    this.#longestMs = deadlineMs
    this.#clock = clock
  }

  /** Aborted when the time has passed. Made when first asked for, because most requests wait for nothing. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController()
      if (this.#hasPassed()) this.#abort.abort()
    }
    return this.#abort.signal
  }

  /**
   * Takes the verdict if it comes in time. When the time has passed the verdict is a denial, the signal is
   * aborted, and what is still pending is not waited for; when none is left, nothing is started.
   *
   * @param decide - must neither throw nor reject
   */
  verdict(decide: () => Verdict | Promise<Verdict>): Verdict | Promise<Verdict> {
    if (this.#hasPassed()) return tooLate
    const verdict = decide()
    return verdict instanceof Promise ? this.#waitFor(verdict) : this.#inTime(verdict)
  }

  async #waitFor(pending: Promise<Verdict>): Promise<Verdict> {
    const timeoutMs = Math.min(this.#atMs - this.#clock.now(), this.#longestMs)
    const verdict = await waitFor(pending, { clock: this.#clock, timeoutMs }, () => this.#abort?.abort())
    return verdict === late ? tooLate : this.#inTime(verdict)
  }

  /** A process that was busy may get to see the verdict before it gets to see that time is up. */
  #inTime(verdict: Verdict): Verdict {
    return this.#hasPassed() ? tooLate : verdict
  }

  #hasPassed(): boolean {
    return this.#clock.now() >= this.#atMs
  }
}
