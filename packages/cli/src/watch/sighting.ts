import type { JsonObject } from '@behalf/core'
import { isFailedCall } from '../okta/hook-events.ts'
import { textAt } from '../okta/members.ts'
import { machineGrant } from '../okta/rules.ts'

/** A plain token that the org has issued, or that a rule lets it issue. */
export interface Sighting {
  /**
   * `failed_call`: the hook did not answer, or its answer was dropped. `plain_token`: a token that no hook has changed, or not
   * the one that is watched. `rule_without_hook`: whatever it issues is that.
   */
  readonly kind: 'failed_call' | 'plain_token' | 'rule_without_hook'
  /** When, ISO 8601. */
  readonly time: string
  readonly client?: string
  /** Okta's id of the token request, as the client's error and the hook's record have it. */
  readonly requestId?: string
  /** Why, in Okta's words. */
  readonly reason?: string
}

/** The type of the events that tell of access tokens. */
export const grantType = 'app.oauth2.as.token.grant.access_token'

/** Sees a call of the hook that failed. */
export function failedCallOf(event: JsonObject): Sighting | undefined {
  if (!textAt(event, 'eventType').startsWith('inline_hook.') || !isFailedCall(event)) return undefined
  return sightingOf('failed_call', event, textAt(event, 'outcome', 'reason'))
}

/** Describes an event of the log. */
export function sightingOf(kind: Sighting['kind'], event: JsonObject, reason = ''): Sighting {
  const client = textAt(event, 'actor', 'id')
  const requestId = requestOf(event)
  return {
    kind,
    time: textAt(event, 'published'),
    ...(client === '' ? {} : { client }),
    ...(requestId === '' ? {} : { requestId }),
    ...(reason === '' ? {} : { reason }),
  }
}

/** Which token request an event is about; empty when it does not say. */
export function requestOf(event: JsonObject): string {
  return textAt(event, 'transaction', 'id')
}

/** Whether a machine's token was issued by an authorization server; where the event does not say whose it is, it counts. */
export function isGrantOf(event: JsonObject, serverId: string): boolean {
  if (textAt(event, 'eventType') !== grantType || textAt(event, 'outcome', 'result') !== 'SUCCESS')
    return false
  const { target } = event
  const isTarget = Array.isArray(target) && target.some((party) => Object(party).id === serverId)
  const path = textAt(event, 'debugContext', 'debugData', 'requestUri')
  const grant = textAt(event, 'debugContext', 'debugData', 'grantType')
  const isMachines = grant === '' || grant.toLowerCase().endsWith(machineGrant)
  return isMachines && (isTarget || path.startsWith(`/oauth2/${serverId}/`))
}
