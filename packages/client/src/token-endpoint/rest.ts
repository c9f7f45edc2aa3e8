import type { Clock } from '@behalf/core'
import { fail, isRecent } from '@behalf/core/internal'
import { failed } from './answer.ts'
import { readRetryAfter } from './retry-after.ts'
import type { RequestToken } from './token-request.ts'

/** What is heeded at most; then one request asks again. */
const maxRestMs = 3_600_000
/** The shortest rest after a 429, and that of one that says nothing. */
const minRestMs = 1_000
/** A `Date` that is further from this machine's clock is nobody's clock. */
const maxClockDifferenceMs = 600_000

/**
 * Says for how long an answer asks to be left alone, in milliseconds from now: by `Retry-After`, or for a 429 of Okta by
 * `x-rate-limit-reset`, counted from the answer's own `Date`, since clocks differ. Undefined when it does not say.
 *
 * @see https://developer.okta.com/docs/reference/rl-best-practices/
 */
export function readRest({ status, headers }: Response, nowMs: number): number | undefined {
  const sentMs = Date.parse(headers.get('date') ?? '')
  const serverNowMs = Math.abs(sentMs - nowMs) <= maxClockDifferenceMs ? sentMs : nowMs
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), serverNowMs)
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, maxRestMs)
  const reset = headers.get('x-rate-limit-reset') ?? ''
  if (status !== 429 || !/^\d{1,12}$/.test(reset)) return undefined
  return Math.min(Math.max(Number(reset) * 1000 - serverNowMs, minRestMs), maxRestMs)
}

/** What the token endpoint has said last about being left alone. */
interface Rest {
  readonly toldAtMs: number
  readonly ms: number
  readonly status: number | undefined
  /** Whether it said for how long. */
  readonly isTold: boolean
}

/** Leaves a token endpoint alone for as long as it has asked for, whichever call it told. */
export function leaveAlone(request: RequestToken, clock: Clock): RequestToken {
  let rest: Rest | undefined
  return async (wanted, signal) => {
    if (rest !== undefined && isRecent(clock, rest.toldAtMs, rest.ms)) {
      const afterMs = Math.max(0, rest.toldAtMs + rest.ms - clock.now())
      const retryAfterSeconds = Math.ceil(afterMs / 1000)
      const detail = `it answered ${rest.status} lately and is left alone for another ${retryAfterSeconds} s`
      const error = failed(detail, { status: rest.status, retryable: true, retryAfterSeconds })
      return fail(rest.isTold ? { error, again: { afterMs } } : { error })
    }
    const outcome = await request(wanted, signal)
    if (outcome.ok) return outcome
    const { error, restMs } = outcome.fault
    const ms = restMs ?? (error.status === 429 ? minRestMs : 0)
    if (ms > 0) rest = { toldAtMs: clock.now(), ms, status: error.status, isTold: restMs !== undefined }
    return outcome
  }
}
