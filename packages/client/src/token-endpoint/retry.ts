import type { Clock, Result } from '@behalf/core'
import { inTime, late, pause } from '@behalf/core/internal'
import { type FailedAttempt, failed, type IssuedToken } from './answer.ts'

/** What bounds the attempts of one exchange. */
export interface RetryOptions {
  readonly clock: Clock
  /** Uniform in [0, 1); spreads the retries of many clients. */
  readonly random: () => number
  /** For all attempts and pauses together. */
  readonly timeoutMs: number
  /** Ends everything at once: nobody waits for the outcome any more. */
  readonly signal: AbortSignal
}

/** Okta meters token requests, so there are few. */
const maxRetries = 2
const firstPauseMs = 200

/**
 * Makes attempts until one succeeds, fails for good, or the time is up: at most two retries, after random
 * pauses of up to 200 and 400 ms or after what the server asked for. A pause that would outlast the deadline
 * is not begun.
 *
 * @param attempt - must not throw
 * @throws ExchangeError - of the last attempt, or `token_request_failed` when the time is up
 */
export async function exchangeWithRetries(
  attempt: (signal: AbortSignal) => Promise<Result<IssuedToken, FailedAttempt>>,
  { clock, random, timeoutMs, signal }: RetryOptions,
): Promise<IssuedToken> {
  signal.throwIfAborted()
  const deadline = clock.now() + timeoutMs
  const makeAttempts = async (ended: AbortSignal): Promise<IssuedToken> => {
    for (let retries = 0; ; retries++) {
      ended.throwIfAborted()
      const outcome = await attempt(ended)
      if (outcome.ok) return outcome.value
      const { error, again } = outcome.fault
      if (again === undefined || retries === maxRetries) throw error
      const pauseMs = again.afterMs ?? random() * firstPauseMs * 2 ** retries
      if (clock.now() + pauseMs >= deadline) throw error
      await pause(clock, pauseMs)
    }
  }
  const token = await inTime(makeAttempts, { clock, timeoutMs, signal })
  if (token !== late) return token
  signal.throwIfAborted()
  throw failed(`it gave no answer within ${timeoutMs} ms`, { retryable: true })
}
