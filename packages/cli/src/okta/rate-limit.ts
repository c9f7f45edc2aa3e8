import type { Clock } from '@behalf/core'
import { pause, waitFor } from '@behalf/core/internal'
import { CommandError, type Terminal } from '../terminal/command.ts'

/** One window of Okta's limits and a little: who is limited just now goes on in the next. */
const maxWaitSeconds = 65
const unknownWaitSeconds = 60

/** How a limit of the rate is waited for. */
export interface Patience {
  readonly clock: Clock
  /** Tells the person what is waited for. */
  onWait(sentence: string, waitMs: number): void
  /** Resolves when no further call is to be made; never when absent. */
  readonly stopped?: Promise<void>
}

/** Returns the patience of a command: who waits is told, in logs of builds, too. */
export function patienceOf(terminal: Terminal): Patience {
  const { clock, stopped } = terminal
  let toldUntil = 0
  return {
    clock,
    stopped,
    // Calls that are made side by side wait for one window.
    onWait(sentence, waitMs) {
      if (clock.now() >= toldUntil) terminal.complain(sentence)
      toldUntil = Math.max(toldUntil, clock.now() + waitMs)
    },
  }
}

/** What Okta says with a 429. */
interface RateLimit {
  readonly limit: string | undefined
  readonly waitSeconds: number
}

/**
 * Asks again when Okta limits the rate (429), as soon as it says; a minute is waited for, and no longer.
 *
 * @param what - the call, for the sentence that says when to come back
 * @throws CommandError that says when to come back; whatever else `ask` throws
 * @see https://developer.okta.com/docs/reference/rl-best-practices/
 */
export async function withPatience<T>(
  what: string,
  { clock, onWait, stopped }: Patience,
  ask: () => Promise<T>,
): Promise<T> {
  let waitedSeconds = 0
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      const limited = readRateLimit(error, clock)
      if (limited === undefined) throw error
      const { limit, waitSeconds } = limited
      const sentence = `Okta limits the rate of ${what}${limit === undefined ? '' : `, ${limit} calls in its window`}`
      if (waitedSeconds + waitSeconds > maxWaitSeconds) {
        const until = new Date(clock.now() + waitSeconds * 1000).toISOString().slice(11, 19)
        throw new CommandError(`${sentence}; come back in ${waitSeconds} s, at ${until} UTC (429 E0000047)`)
      }
      waitedSeconds += waitSeconds
      onWait(`${sentence}; going on in ${waitSeconds} s`, waitSeconds * 1000)
      await rest(clock, waitSeconds * 1000, stopped)
    }
  }
}

/** The clocks of Okta and of this machine may differ: its own date says how far away the next window is. */
function readRateLimit(error: unknown, clock: Clock): RateLimit | undefined {
  const { status, headers } = Object(error)
  if (status !== 429) return undefined
  const header = (name: string): string | undefined =>
    typeof headers?.get === 'function' ? (headers.get(name) ?? undefined) : undefined
  const [resetSeconds, retryAfter] = [Number(header('x-rate-limit-reset')), Number(header('retry-after'))]
  const sentMs = Date.parse(header('date') ?? '')
  const nowSeconds = Math.floor((Number.isNaN(sentMs) ? clock.now() : sentMs) / 1000)
  const waitSeconds =
    retryAfter > 0 ? retryAfter : resetSeconds > 0 ? resetSeconds - nowSeconds + 1 : unknownWaitSeconds
  const limit = header('x-rate-limit-limit')
  return {
    limit: limit !== undefined && /^\d{1,9}$/.test(limit) ? limit : undefined,
    waitSeconds: Math.max(1, Math.ceil(waitSeconds)),
  }
}

async function rest(clock: Clock, delayMs: number, stopped?: Promise<void>): Promise<void> {
  // A pending call of the clock does not keep the process alive; this does, while nothing else is under way.
  const alive = setInterval(() => {}, 60_000)
  try {
    await (stopped === undefined ? pause(clock, delayMs) : waitFor(stopped, { clock, timeoutMs: delayMs }))
  } finally {
    clearInterval(alive)
  }
}
