import type { Clock } from './clock.ts'

/** What there is in place of a value that has not come in time. */
export const late: unique symbol = Symbol('late')

/** Until when something is waited for. */
export interface TimeLimit {
  readonly clock: Clock
  readonly timeoutMs: number
  /** Ends the waiting before that. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Waits for a promise, but only until the limit. The promise itself goes on, and what it comes to later is ignored.
 *
 * @param onLimit - called at the limit
 * @returns {@link late} at the limit
 * @throws what the promise rejects with before
 */
export function waitFor<T>(
  promise: Promise<T>,
  { clock, timeoutMs, signal }: TimeLimit,
  onLimit?: () => void,
): Promise<T | typeof late> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      cancel()
      signal?.removeEventListener('abort', giveUp)
    }
    const giveUp = (): void => {
      stop()
      resolve(late)
      onLimit?.()
    }
    const cancel = clock.schedule(giveUp, timeoutMs)
    signal?.addEventListener('abort', giveUp)
    if (signal?.aborted) giveUp()
    promise.then(
      (value) => {
        stop()
        resolve(value)
      },
      (error: unknown) => {
        stop()
        reject(error)
      },
    )
  })
}

/**
 * Lets work take only so long: at the limit its signal is aborted and it is waited for no longer, whatever it does
 * about the signal. What it comes to later is ignored.
 *
 * @returns {@link late} at the limit
 * @throws what the work throws before
 */
export function inTime<T>(
  work: (signal: AbortSignal) => T | Promise<T>,
  limit: TimeLimit,
): Promise<T | typeof late> {
  const abort = new AbortController()
  return waitFor(start(work, abort.signal), limit, () =>
    abort.abort(new DOMException('it has taken too long', 'TimeoutError')),
  )
}

/** What throws at once has failed like what rejects. */
async function start<T>(work: (signal: AbortSignal) => T | Promise<T>, signal: AbortSignal): Promise<T> {
  return work(signal)
}

/**
 * Waits for a promise, but only until the signal is aborted. The promise itself goes on.
 *
 * @throws what the promise rejects with, or the signal's reason
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Waits for so many milliseconds. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(resolve, ms)
  })
}
