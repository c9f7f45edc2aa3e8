import type { DelegatedAccess, MachineAccess, OktaDelegatedAccess, UserAccess } from './access.ts'

/**
 * The kinds of access tokens that an API can be called with: `delegated` (the hook's: a client on behalf of a user),
 * `user` (a person's own), `machine` (a client in its own name), and what Okta issues for a user without the hook:
 * `okta-token-exchange` (its own On-Behalf-Of exchange) and `okta-agent` (its tokens for AI agents).
 */
export type TokenKind = 'delegated' | 'user' | 'machine' | 'okta-token-exchange' | 'okta-agent'

/** What one issuer issues besides machine tokens; a token is read as this and as nothing else. */
export type IssuedKind = Exclude<TokenKind, 'machine'>

/** What a verifier answers for each kind that it accepts. */
export interface AccessByKind {
  readonly delegated: DelegatedAccess
  readonly user: UserAccess
  readonly machine: MachineAccess
  readonly 'okta-token-exchange': OktaDelegatedAccess<'okta-token-exchange'>
  readonly 'okta-agent': OktaDelegatedAccess<'okta-agent'>
}

/** Every kind, as options name them. */
export const tokenKinds: readonly TokenKind[] = [
  'delegated',
  'user',
  'machine',
  'okta-token-exchange',
  'okta-agent',
]
