import type { JsonObject } from '@behalf/core'

/** Whose event it is. */
export interface ProbeOccasion {
  readonly issuer: string | undefined
  readonly clientId: string | undefined
  readonly scopes: readonly string[]
  readonly nowMs: number
  /** What the token request had in its query; nothing by default, which a hook that knows its caller denies with `assertion_missing`. */
  readonly assertion?: string | undefined
}

/**
 * Returns a hook request. It has every
 * member that Okta's own event has for a request of a machine; those of people (session, user, identity) are not in it.
 *
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/InlineHook/
 */
export function probeEvent({ issuer, clientId, scopes, nowMs, assertion }: ProbeOccasion): JsonObject {
  const uri = issuer ?? 'https://doctor.invalid/oauth2/default'
  const id = clientId ?? 'behalf-doctor'
  const url = `${uri}/v1/token${assertion === undefined ? '' : `?${new URLSearchParams({ assertion })}`}`
  const lifetimeSeconds = 300
  const iat = Math.floor(nowMs / 1000)
  return {
    source: `${uri}/v1/token`,
    eventId: 'behalf-doctor',
    eventTime: new Date(nowMs).toISOString(),
    eventTypeVersion: '1.0',
    cloudEventVersion: '0.1',
    contentType: 'application/json',
    eventType: 'com.okta.oauth2.tokens.transform',
    data: {
      context: {
        request: { id: 'behalf-doctor', method: 'POST', url: { value: url }, ipAddress: '127.0.0.1' },
        protocol: {
          type: 'OAUTH2.0',
          request: {
            client_id: id,
            grant_type: 'client_credentials',
            ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
          },
          issuer: { uri },
          client: { id, name: 'behalf doctor', type: 'CONFIDENTIAL' },
        },
        policy: { id: '00pBehalfDoctor', rule: { id: '0prBehalfDoctor' } },
      },
      access: {
        claims: {
          ver: 1,
          jti: 'AT.behalf-doctor',
          iss: uri,
          aud: uri,
          iat,
          exp: iat + lifetimeSeconds,
          cid: id,
          scp: [...scopes],
          sub: id,
        },
        token: { lifetime: { expiration: lifetimeSeconds } },
        scopes: Object.fromEntries(scopes.map((name) => [name, { id: `scp-${name}`, action: 'GRANT' }])),
      },
    },
  }
}
