import type { Delegation } from '@behalf/hook'

/** 2026-11-24, a Tuesday, 09:30 UTC. */
const tuesdayMorning = Date.UTC(2026, 10, 24, 9, 30)

/** What a question differs in from Ann's usual one. */
export interface DelegationOptions {
  readonly client?: string
  readonly subject?: string
  readonly issuer?: string
  readonly claims?: Delegation['subject']['claims']
  readonly audience?: string | undefined
  readonly scopes?: readonly string[]
  readonly priorActors?: readonly string[]
  readonly ipAddress?: string
  readonly timeMs?: number
}

/** May `0oaApiA` act for Ann towards API B, to read orders? */
export function delegation(options: DelegationOptions = {}): Delegation {
  const { client = '0oaApiA', subject = 'ann@example.com', timeMs = tuesdayMorning } = options
  const issuer = options.issuer ?? 'https://example.okta.com/oauth2/default'
  const seconds = Math.floor(timeMs / 1000)
  return {
    client: { id: client, name: 'API A' },
    subject: {
      issuer,
      id: subject,
      claims: {
        iss: issuer,
        sub: subject,
        aud: 'api://a',
        cid: '0oaSpa',
        iat: seconds - 60,
        exp: seconds + 3600,
        auth_time: seconds - 60,
        scp: ['openid', 'a:read'],
        ...options.claims,
      },
    },
    resource: {
      audience: 'audience' in options ? options.audience : 'api://b',
      authorizationServer: 'https://example.okta.com/oauth2/default',
    },
    scopes: options.scopes ?? ['orders:read'],
    actors: [client, ...(options.priorActors ?? [])].map((sub) => ({ sub })),
    request: { id: 'request-1', ipAddress: options.ipAddress ?? '203.0.113.7', timeMs },
  }
}
