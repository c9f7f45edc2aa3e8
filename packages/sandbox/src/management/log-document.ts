import type { JsonObject } from '../org/json.ts'
import type { LogEvent, LogParty, LogRequest } from '../org/system-log.ts'

/** Returns an event as the log's readers get it: with every member that real events have. */
export function logDocument({
  actor,
  target,
  outcome,
  debugContext,
  request,
  ...event
}: LogEvent): JsonObject {
  const { result, reason } = outcome
  return {
    ...event,
    legacyEventType: legacyTypeOf(event.eventType, result),
    actor: partyDocument(actor),
    client: clientDocument(request),
    device: null,
    authenticationContext: { authenticationStep: 0, externalSessionId: 'unknown' },
    securityContext: {},
    outcome: { result, ...(reason === undefined ? {} : { reason }) },
    target: target.map(partyDocument),
    transaction: { type: 'WEB', id: request?.id ?? 'unknown', detail: {} },
    debugContext: { ...debugContext },
    request: {
      ipChain:
        request === undefined
          ? []
          : [{ ip: request.ipAddress, geographicalContext: {}, version: ipVersion(request) }],
    },
  }
}

function partyDocument({ id, type, alternateId = 'unknown', displayName }: LogParty): JsonObject {
  return { id, type, alternateId, displayName, detailEntry: {} }
}

function clientDocument(request: LogRequest | undefined): JsonObject {
  return {
    userAgent: { rawUserAgent: request?.userAgent ?? 'UNKNOWN', os: 'Unknown', browser: 'UNKNOWN' },
    zone: 'null',
    device: 'Unknown',
    // What the org does itself, it does from where it is.
    ipAddress: request?.ipAddress ?? '127.0.0.1',
    geographicalContext: {},
  }
}

function ipVersion({ ipAddress }: LogRequest): string {
  return ipAddress.includes('.') ? 'V4' : 'V6'
}

/** Grants have had another name once, which real events still carry. */
function legacyTypeOf(eventType: string, result: string): string {
  if (!eventType.startsWith('app.oauth2.as.token.grant')) return eventType
  return `${eventType}_${result === 'SUCCESS' ? 'success' : 'failure'}`
}
