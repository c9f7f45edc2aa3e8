import { epochSeconds } from '../org/clock.ts'
import type { Org } from '../org/org.ts'

const limit = 600
const windowSeconds = 60

/** Counts requests and says in Okta's headers how many are left; it refuses none by itself. */
export interface RateLimit {
  /** Counts one request and returns its headers. */
  count(): Readonly<Record<string, string>>
}

/** Creates a counter that starts anew every minute of the org's clock. */
export function createRateLimit(org: Org): RateLimit {
  let window = 0
  let used = 0
  return {
    count() {
      const current = Math.floor(epochSeconds(org.clock) / windowSeconds)
      used = current === window ? used + 1 : 1
      window = current
      return {
        'x-rate-limit-limit': String(limit),
        'x-rate-limit-remaining': String(Math.max(0, limit - used)),
        'x-rate-limit-reset': String((window + 1) * windowSeconds),
      }
    },
  }
}
