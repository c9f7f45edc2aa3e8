import type { JsonObject } from '../org/json.ts'
import type { LogEvent, LogParty, LogRequest } from '../org/system-log.ts'

/** An event as the log's readers get it: with every member that real events have. */
export function logDocument({
  actor,
  target,
  outcome,
  debugContext,
  request,
  ...event
}: LogEvent): JsonObject {
  const { result, reason = null } = outcome
  return {
    ...event,
    legacyEventType: legacyTypeOf(event.eventType, result),
    actor: partyDocument(actor),
    client: clientDocument(request),
    device: null,
    authenticationContext: {
      authenticationProvider: null,
      credentialProvider: null,
      credentialType: null,
      issuer: null,
      interface: null,
      authenticationStep: 0,
      rootSessionId: null,
      externalSessionId: 'unknown',
    },
    securityContext: { asNumber: null, asOrg: null, isp: null, domain: null, isProxy: null },
    outcome: { result, reason },
    target: target.map(partyDocument),
    transaction: { type: 'WEB', id: request?.id ?? 'unknown', detail: {} },
    debugContext: { ...debugContext },
    request: {
      ipChain:
        request === undefined
          ? []
          : [{ ip: request.ipAddress, geographicalContext: null, version: ipVersion(request), source: null }],
    },
  }
}

function partyDocument({ id, type, alternateId = 'unknown', displayName }: LogParty): JsonObject {
  return { id, type, alternateId, displayName, detailEntry: null }
}

function clientDocument(request: LogRequest | undefined): JsonObject {
  return {
    userAgent: { rawUserAgent: request?.userAgent ?? 'UNKNOWN', os: 'Unknown', browser: 'UNKNOWN' },
    zone: 'null',
    device: 'Unknown',
    id: null,
    ipAddress: request?.ipAddress ?? null,
    geographicalContext: null,
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
