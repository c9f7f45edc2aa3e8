/** What can go wrong on demand. */
export type Fault =
  /** The connection to every hook fails. */
  | { readonly kind: 'hook-unreachable' }
  /** Every hook answers later by so many milliseconds. */
  | { readonly kind: 'hook-slow'; readonly delayMs: number }
  /** Every hook answers with this HTTP status; it is not called. */
  | { readonly kind: 'hook-status'; readonly status: number }
  /** Token requests (`token`) or the management API (`management`) are refused with 429. */
  | { readonly kind: 'rate-limit'; readonly endpoint: 'token' | 'management' }
  /** The org's clock is off by so many seconds, ahead when positive. */
  | { readonly kind: 'clock-skew'; readonly seconds: number }
  /** A server signs with a new key that was never announced; its old key is withdrawn at once. */
  | { readonly kind: 'key-rotation'; readonly serverId: string }
  /** A server's keys endpoint publishes no key at all. */
  | { readonly kind: 'keys-withdrawn'; readonly serverId: string }
  /** Access tokens are encrypted: five parts instead of three, for a key that nobody else has. */
  | { readonly kind: 'encrypted-access-tokens' }
  /** The token endpoint refuses clients in Okta's own envelope, HTTP 400, as some orgs do. */
  | { readonly kind: 'client-envelope' }
  /** An app is deactivated: it cannot authenticate any more. */
  | { readonly kind: 'client-revoked'; readonly clientId: string }

/** A fault as people choose it. */
export interface FaultDescription {
  readonly kind: Fault['kind']
  readonly summary: string
  /** What it takes, by name. */
  readonly parameters: Readonly<Record<string, 'number' | 'string'>>
  /** What the caller of the token endpoint sees. */
  readonly outcome: string
}

/** Every fault that the sandbox can bring about. */
export const faultCatalogue: readonly FaultDescription[] = [
  {
    kind: 'hook-unreachable',
    summary: 'the connection to the hook fails',
    parameters: {},
    outcome: 'plain token',
  },
  {
    kind: 'hook-slow',
    summary: 'the hook answers late',
    parameters: { delayMs: 'number' },
    outcome: 'plain token once the time limit is passed',
  },
  {
    kind: 'hook-status',
    summary: 'the hook answers with an HTTP status',
    parameters: { status: 'number' },
    outcome: 'plain token',
  },
  {
    kind: 'rate-limit',
    summary: 'token requests (token) or the management API (management) are over their limit',
    parameters: { endpoint: 'string' },
    outcome: 'HTTP 429, E0000047',
  },
  {
    kind: 'clock-skew',
    summary: "the org's clock is off",
    parameters: { seconds: 'number' },
    outcome: 'tokens of another time',
  },
  {
    kind: 'key-rotation',
    summary: 'a server signs with a key that was never announced, its old key is gone',
    parameters: { serverId: 'string' },
    outcome: 'tokens by an unknown key; stays when the fault is cleared',
  },
  {
    kind: 'keys-withdrawn',
    summary: "a server's keys endpoint publishes no key",
    parameters: { serverId: 'string' },
    outcome: 'tokens that cannot be verified',
  },
  {
    kind: 'encrypted-access-tokens',
    summary: 'access tokens are encrypted',
    parameters: {},
    outcome: 'five-part tokens (JWE)',
  },
  {
    kind: 'client-envelope',
    summary: "clients are refused in Okta's own envelope, as some orgs do it",
    parameters: {},
    outcome: 'HTTP 400, errorCode invalid_client',
  },
  {
    kind: 'client-revoked',
    summary: 'an app is deactivated',
    parameters: { clientId: 'string' },
    outcome: 'HTTP 401, invalid_client',
  },
]
