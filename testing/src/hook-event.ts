import type { LooseObject } from './signing-key.ts'

/** What a {@link hookEvent} differs in from an exchange by the client `0oaApiA`. */
export interface HookEventOptions {
  readonly assertion?: string
  /** The whole URL of the token request; made from `assertion` when absent. */
  readonly url?: string
  readonly clientId?: string
  readonly scopes?: readonly string[]
  readonly lifetimeSeconds?: number
  /** Members of `data.access.claims` to add or replace. */
  readonly accessClaims?: LooseObject
}

/** A token inline hook request for `client_credentials`, as Okta sends it. Edit the result at will. */
export function hookEvent(options: HookEventOptions = {}): HookEvent {
  const { clientId = '0oaApiA', scopes = ['orders:read'], lifetimeSeconds = 3600 } = options
  const query = options.assertion === undefined ? '' : `?assertion=${encodeURIComponent(options.assertion)}`
  return {
    source: 'https://example.okta.com/oauth2/default/v1/token',
    eventId: 'event-1',
    eventTime: '2026-11-01T00:00:00.000Z',
    eventTypeVersion: '1.0',
    cloudEventVersion: '0.1',
    contentType: 'application/json',
    eventType: 'com.okta.oauth2.tokens.transform',
    data: {
      context: {
        request: {
          id: 'request-1',
          method: 'POST',
          url: { value: options.url ?? `https://example.okta.com/oauth2/default/v1/token${query}` },
          ipAddress: '203.0.113.7',
        },
        protocol: {
          type: 'OAUTH2.0',
          request: { client_id: clientId, grant_type: 'client_credentials', scope: scopes.join(' ') },
          issuer: { uri: 'https://example.okta.com/oauth2/default' },
          client: { id: clientId, name: 'API A', type: 'CONFIDENTIAL' },
        },
        policy: { id: '00pPolicy', rule: { id: '0prRule' } },
      },
      access: {
        claims: {
          ver: 1,
          jti: 'AT.machine-token',
          iss: 'https://example.okta.com/oauth2/default',
          aud: 'api://b',
          cid: clientId,
          sub: clientId,
          scp: [...scopes],
          ...options.accessClaims,
        },
        token: { lifetime: { expiration: lifetimeSeconds } },
        scopes: Object.fromEntries(scopes.map((scope) => [scope, { id: scope, action: 'GRANT' }])),
      },
    },
  }
}

/** The members of a hook event that tests edit. */
export interface HookEvent {
  source: string
  eventId: string
  eventTime: string
  eventTypeVersion: string
  cloudEventVersion: string
  contentType: string
  eventType: string
  data: {
    context: {
      request: { id: string; method: string; url: { value: string }; ipAddress: string }
      protocol: {
        type: string
        request: Record<string, unknown>
        issuer: { uri: string }
        client: Record<string, unknown>
      }
      policy: { id: string; rule: { id: string } }
      session?: unknown
      user?: unknown
    }
    access: {
      claims: Record<string, unknown>
      token: { lifetime: { expiration: number } }
      scopes: Record<string, unknown>
    }
    identity?: unknown
  }
}
