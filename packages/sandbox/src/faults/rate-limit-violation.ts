import type { ServerResponse } from 'node:http'
import { ApiFault } from '../http/api-fault.ts'
import { replyJson } from '../http/reply.ts'
import { epochSeconds } from '../org/clock.ts'
import type { Org } from '../org/org.ts'

const windowSeconds = 60

/** Answers as Okta does when a limit is exceeded: 429, with headers that say when to come back. */
export function refuseOverLimit(org: Org, path: string, response: ServerResponse): void {
  org.systemLog.write({
    eventType: 'system.org.rate_limit.violation',
    displayMessage: 'Rate limit violation',
    severity: 'WARN',
    outcome: { result: 'DENY' },
    actor: { id: 'sandbox', type: 'SystemPrincipal', displayName: 'Sandbox' },
    target: [],
    debugData: { requestUri: path },
  })
  response.setHeader('x-rate-limit-limit', '600')
  response.setHeader('x-rate-limit-remaining', '0')
  response.setHeader('x-rate-limit-reset', String(epochSeconds(org.clock) + windowSeconds))
  const fault = new ApiFault('E0000047', 'API call exceeded rate limit due to too many requests.')
  replyJson(response, fault.status, fault.body)
}
