import type { ServerResponse } from 'node:http'
import { epochSeconds } from '../org/clock.ts'
import { plays } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import { ApiFault } from './api-fault.ts'
import { requestIdOf } from './gate.ts'
import { replyJson } from './reply.ts'

const windowSeconds = 60
/** What the headers say where nothing is limited. */
const announcedLimit = 600

/** Counts requests of one kind, a minute of the org's clock at a time. */
export interface RateLimit {
  /**
   * Counts a request and says in Okta's headers how many are left; one too many is answered with 429.
   *
   * @param url - path and query, for the System Log
   * @returns whether the request may go on
   */
  pass(response: ServerResponse, url: string, exceeded?: boolean): boolean
}

/** Creates a counter; without a limit it refuses only what is said to exceed it. */
export function createRateLimit(org: Org, limit?: number): RateLimit {
  let window = 0
  let used = 0
  return {
    pass(response, url, exceeded = false) {
      const now = epochSeconds(org.clock)
      const current = Math.floor(now / windowSeconds)
      used = current === window ? used + 1 : 1
      window = current
      const over = exceeded || (limit !== undefined && used > limit)
      const left = over ? 0 : Math.max(limit === undefined ? 1 : 0, (limit ?? announcedLimit) - used)
      if (plays(org.facts, 'rate-limit-headers', 'given')) {
        response.setHeader('x-rate-limit-limit', String(limit ?? announcedLimit))
        response.setHeader('x-rate-limit-remaining', String(left))
        response.setHeader(
          'x-rate-limit-reset',
          String(exceeded ? now + windowSeconds : (window + 1) * windowSeconds),
        )
      }
      if (over) refuse(org, response, url)
      return !over
    },
  }
}

function refuse(org: Org, response: ServerResponse, url: string): void {
  org.systemLog.write({
    eventType: 'system.org.rate_limit.violation',
    displayMessage: 'Rate limit violation',
    severity: 'WARN',
    outcome: { result: 'DENY' },
    actor: { id: 'sandbox', type: 'SystemPrincipal', displayName: 'Sandbox' },
    target: [],
    request: { id: requestIdOf(response), url, ipAddress: response.req.socket.remoteAddress ?? '' },
  })
  const fault = new ApiFault('E0000047', 'API call exceeded rate limit due to too many requests.')
  replyJson(response, fault.status, fault.body)
}
