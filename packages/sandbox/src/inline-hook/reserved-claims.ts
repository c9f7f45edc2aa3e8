import { type OktaFacts, plays } from '../org/okta-facts.ts'
import type { TokenKind } from './token-draft.ts'

/** Claims of an access token that a hook must not touch. */
const reservedInAccessToken: ReadonlySet<string> = new Set([
  'acr',
  'as_uri',
  'auth_time',
  'authorization_details',
  'cid',
  'cnf',
  'exp',
  'groups',
  'iat',
  'iss',
  'jti',
  'rpt',
  'rsi',
  'scp',
  'sid',
  'token_type',
  'uid',
  'username',
  'ver',
])

/** Claims of an ID token that a hook must not touch; Okta publishes no list, see `docs/okta-fidelity.md`. */
const reservedInIdToken: ReadonlySet<string> = new Set([
  'acr',
  'amr',
  'at_hash',
  'aud',
  'auth_time',
  'c_hash',
  'exp',
  'iat',
  'idp',
  'iss',
  'jti',
  'nonce',
  'sub',
  'ver',
])

/** Says whether Okta keeps this top-level claim to itself in a token of this kind. */
export function isReservedClaim(kind: TokenKind, claim: string, facts: OktaFacts = {}): boolean {
  if (kind === 'identity' && claim === 'acr' && plays(facts, 'id-token-reserved', 'acr is free')) return false
  return (kind === 'access' ? reservedInAccessToken : reservedInIdToken).has(claim)
}
