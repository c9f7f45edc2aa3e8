import type { Result } from '../result.ts'
import { type Clock, isRecent } from './clock.ts'
import { inTime, late, waitFor } from './in-time.ts'
import { Places } from './places.ts'
import { lost, SharedWork } from './shared-work.ts'

/** For how long a value is trusted, and what obtaining it may cost; all in milliseconds. */
export interface Freshness {
  /** After this age the value is fetched anew before it is used. */
  readonly maxAgeMs: number
  /** After this age a use starts a fetch in the background. */
  readonly refreshAfterMs: number
  /** For how long the value serves while its source does not give another; not less than `maxAgeMs`. */
  readonly staleForMs: number
  /** How soon after the start of a failed fetch another is started. */
  readonly retryAfterMs: number
  /** At most one good answer in this time is asked for because of something that the value lacks. */
  readonly missCooldownMs: number
  /** When a fetch is given up; it may outlast the uses that wait for it. */
  readonly fetchTimeoutMs: number
}

/** What a {@link KeptFresh} keeps, and how. */
export interface KeptFreshOptions<T, F> extends Freshness {
  /** Asks the source; must not throw. The signal says that nobody waits for the answer any more. */
  readonly fetch: (signal: AbortSignal) => Promise<Result<T, F>>
  /** The fault of a fetch that was given up. */
  readonly lateFault: () => F
  readonly clock: Clock
  /** How long one use waits for a fetch. Default: as long as the fetch takes. */
  readonly waitMs?: number | undefined
  /** Where uses wait for a fetch; without a place they go on at once. Default: no limit. */
  readonly places?: Places | undefined
}

/**
 * A value that somebody else gives out and may change, kept fresh: a maximum age with a refresh in the background
 * before it ends, one fetch at a time, a pause after a failure, a value that stays in use, within a bound, while its
 * source is out of reach, and a cool-down for questions about what the value lacks. That starts only with a good
 * answer that such a question asked for, so that a change after any other fetch, or during an outage, gets through.
 *
 * It fetches only when used, because its runtime may be frozen between two uses: a fetch that has not ended in its time
 * counts as stopped, and says nothing about the source; so does one that is gone with the request that began it (see
 * {@link SharedWork}). A clock that is set back makes no value younger and no pause longer.
 */
export class KeptFresh<T, F> {
  readonly #options: KeptFreshOptions<T, F>
  readonly #places: Places
  #value: T | undefined
  #valueAskedAt = Number.NEGATIVE_INFINITY
  #fault: F | undefined
  #faultAskedAt = Number.NEGATIVE_INFINITY
  #faultedAt = Number.NEGATIVE_INFINITY
  #missAskedAt = Number.NEGATIVE_INFINITY
  #flight: Flight | undefined

  constructor(options: KeptFreshOptions<T, F>) {
    this.#options = options
    this.#places = options.places ?? new Places(Number.POSITIVE_INFINITY)
  }

  /** The value, however old within its bound; asks nobody. */
  get value(): T | undefined {
    return this.#age() <= this.#options.staleForMs ? this.#value : undefined
  }

  /** When the value was asked for, which is the last moment at which it was certainly true. */
  get askedAt(): number {
    return this.#valueAskedAt
  }

  /** Why the last fetch failed; undefined when it did not. */
  get fault(): F | undefined {
    return this.#fault
  }

  /**
   * The value, if it may be used without waiting: while it is not too old, and while its source is known to be out of
   * reach. Starts a fetch when the value is old enough for that, or not there.
   */
  peek(): T | undefined {
    const { refreshAfterMs, maxAgeMs } = this.#options
    const age = this.#age()
    if (age <= refreshAfterMs) return this.#value
    this.#fetchUnlessPausing()
    return age <= maxAgeMs ? this.#value : this.#isOutOfReach() ? this.value : undefined
  }

  /** The value as {@link KeptFresh.peek} has it, else what there is after a fetch; undefined without a place to wait in. */
  async fresh(): Promise<T | undefined> {
    const value = this.peek()
    if (value !== undefined) return value
    return (await this.#wait(this.#refresh())) ? this.value : undefined
  }

  /**
   * Asks the source again because the value lacks something, unless that has just been asked. Returns whether the
   * value is now what the source says; if not, what it lacks may be there all the same.
   */
  async askAgain(): Promise<boolean> {
    const { clock, missCooldownMs } = this.#options
    if (this.#flight === undefined && isRecent(clock, this.#missAskedAt, missCooldownMs)) return true
    return (await this.#wait(this.#refresh(true))) && this.#flight === undefined && this.#fault === undefined
  }

  /** Fetches the value unless it is fresh, and waits for a fetch that is under way, as long as it may take. */
  async load(): Promise<void> {
    if (this.#flight !== undefined || this.#age() > this.#options.refreshAfterMs) await this.#refresh()
  }

  #age(): number {
    const age = this.#options.clock.now() - this.#valueAskedAt
    return age < 0 ? this.#options.maxAgeMs + 1 : age
  }

  /** Whether a fetch has failed lately; what failed before another could have, says nothing about the next. */
  #isOutOfReach(): boolean {
    const { clock, fetchTimeoutMs, retryAfterMs } = this.#options
    return this.#fault !== undefined && isRecent(clock, this.#faultedAt, fetchTimeoutMs + retryAfterMs)
  }

  #wait(fetched: Promise<void>): Promise<boolean> {
    const { clock, waitMs } = this.#options
    return this.#places.during(() =>
      waitMs === undefined ? fetched : waitFor(fetched, { clock, timeoutMs: waitMs }),
    )
  }

  /** Waits for the fetch under way or starts one, unless one has just failed. Never rejects. */
  async #refresh(isMiss = false): Promise<void> {
    for (;;) {
      const flight = this.#fetchUnlessPausing(isMiss)
      if (flight === undefined || (await flight.work.wait()) !== lost) return
      if (this.#flight === flight) this.#flight = undefined
    }
  }

  /** The fetch under way, or one that is started now; undefined when one has just failed. */
  #fetchUnlessPausing(isMiss = false): Flight | undefined {
    const { clock, retryAfterMs } = this.#options
    if (this.#flight !== undefined && !this.#hasStopped(this.#flight)) return this.#flight
    // Counted from its start, so that a fetch that hung until its time-out is followed by another at once.
    if (isRecent(clock, this.#faultAskedAt, retryAfterMs)) return undefined
    const startedAt = clock.now()
    const flight: Flight = { startedAt, isMiss, work: new SharedWork(() => this.#fly(() => flight)) }
    this.#flight = flight
    return flight
  }

  async #fly(itself: () => Flight): Promise<void> {
    const { fetch, lateFault, clock, fetchTimeoutMs } = this.#options
    const answer = await inTime(fetch, { clock, timeoutMs: fetchTimeoutMs })
    const flight = itself()
    // Another was started in the meantime, and knows better.
    if (this.#flight !== flight) return
    this.#flight = undefined
    if (answer === late) this.#fail(flight, lateFault())
    else if (!answer.ok) this.#fail(flight, answer.fault)
    else {
      this.#value = answer.value
      this.#valueAskedAt = flight.startedAt
      this.#fault = undefined
      if (flight.isMiss) this.#missAskedAt = flight.startedAt
    }
  }

  #fail(flight: Flight, fault: F): void {
    this.#fault = fault
    this.#faultAskedAt = flight.startedAt
    this.#faultedAt = this.#hasStopped(flight) ? Number.NEGATIVE_INFINITY : this.#options.clock.now()
  }

  /**
   * Whether a fetch that has not ended in its time was stopped from outside: by a runtime that stood still, or that
   * drops what a request has begun together with the request.
   */
  #hasStopped({ startedAt }: Flight): boolean {
    const { clock, fetchTimeoutMs } = this.#options
    return !isRecent(clock, startedAt, 2 * fetchTimeoutMs + 1_000)
  }
}

/** A fetch under way. */
interface Flight {
  readonly startedAt: number
  readonly isMiss: boolean
  readonly work: SharedWork<void>
}
