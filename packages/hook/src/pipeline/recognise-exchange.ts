import { deny, isPartyName, pass } from '@behalf/core/internal'
import { namesOneServer, type TokenHookEvent } from '../okta/event.ts'
import { findAssertion, maxUrlLength, tokenRequestPath } from '../okta/token-request-url.ts'
import type { Recognised, Requested } from './exchange.ts'
import { leaveUnchanged, type Step } from './step.ts'

/**
 * Step 3: the event is a `client_credentials` request by one confidential client. Events of other flows are
 * denied or left alone as configured; one that carries an assertion is always denied, because an end user
 * can add a parameter to `/authorize`.
 */
export const recogniseExchange: Step<Requested, Recognised> = (requested, { config }) => {
  const { event } = requested
  if (event.eventType !== 'com.okta.oauth2.tokens.transform')
    return deny('request_unsupported', 'the event type is another')
  if (event.eventTypeVersion !== undefined && event.eventTypeVersion !== '1.0') {
    return deny('request_unsupported', 'the event type version is another')
  }
  const path = tokenRequestPath(event.request.url)
  if (path === undefined) {
    return deny(
      'request_malformed',
      `data.context.request.url.value is not a usable URL of up to ${maxUrlLength} characters`,
    )
  }
  const otherFlow = whyOtherFlow(event, path)
  if (otherFlow !== undefined) {
    const carriesAssertion = findAssertion(event.request.url).kind !== 'none'
    if (config.otherEvents === 'unchanged' && !carriesAssertion) return leaveUnchanged
    return deny(
      'request_unsupported',
      carriesAssertion ? `${otherFlow}, yet it carries an assertion` : otherFlow,
    )
  }
  const [clientId, ...others] = event.clientIds
  if (!isPartyName(clientId))
    return deny('request_unsupported', 'neither protocol.client.id nor access.claims.cid names the client')
  const { requested: asked = clientId, subject = clientId } = event.echoedClientIds
  if (asked !== clientId || others.some((other) => other !== clientId))
    return deny('request_unsupported', 'the places that name the client disagree')
  if (subject !== clientId) return deny('request_unsupported', subjectCustomised)
  if (!namesOneServer(event))
    return deny('request_unsupported', 'the places that name the authorization server disagree')
  return pass({ ...requested, clientId })
}

const subjectCustomised =
  'sub of the machine token is not the client id: the authorization server has a sub of its own making; give it back the default'

function whyOtherFlow({ request, protocol, hasUser }: TokenHookEvent, path: string): string | undefined {
  if (request.method !== undefined && request.method !== 'POST') return 'the token request is not a POST'
  if (!path.endsWith('/v1/token')) return 'the request is not for a token endpoint'
  if (hasUser) return 'the event has a session, a user, a uid, an ID or refresh token, or an earlier grant'
  if (protocol.clientType !== undefined && protocol.clientType !== 'CONFIDENTIAL')
    return 'the client is not confidential'
  if (protocol.grantType !== undefined && protocol.grantType !== 'client_credentials')
    return 'the grant type is another'
  return protocol.responseType === undefined && protocol.redirectUri === undefined
    ? undefined
    : 'the request is one for authorization'
}
