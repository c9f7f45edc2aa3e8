import type { JsonObject } from '@behalf/core'

/** What a token seems to be, by its claims alone. */
export type TokenKind = 'delegated' | 'user' | 'machine' | 'id' | 'unknown'

/** Tells tokens of Okta's shape apart. It proves nothing: the claims may be anybody's. */
export function kindOf(claims: JsonObject): TokenKind {
  const { act, assertion, sub, cid, client_id: clientId = cid, nonce, at_hash: atHash } = claims
  if (act !== undefined || assertion !== undefined) return 'delegated'
  if (typeof sub !== 'string') return 'unknown'
  if (clientId === undefined) return nonce !== undefined || atHash !== undefined ? 'id' : 'unknown'
  return sub === clientId ? 'machine' : 'user'
}

/** How people call a kind of token. */
export const kindNames: Readonly<Record<TokenKind, string>> = {
  delegated: 'delegated token',
  user: "user's access token",
  machine: 'machine token',
  id: 'ID token',
  unknown: 'JWT of no known kind',
}
