import type { JsonObject } from '@behalf/core'

/** Where issuers name the client that a token was issued to; only the first two are access tokens' own. */
const clientClaims = ['cid', 'client_id', 'azp', 'appid'] as const
/** What a client's own access token has not: marks of users, of delegation, of ID tokens, of other kinds, and of a key. */
const foreignClaims = [
  ...['uid', 'auth_time', 'amr', 'acr', 'sid', 'idp', 'email', 'email_verified', 'phone_number'],
  ...['preferred_username', 'username', 'login', 'upn', 'unique_name'],
  ...['name', 'given_name', 'family_name', 'nickname'],
  ...['act', 'may_act', 'assertion'],
  ...['nonce', 'at_hash', 'c_hash', 's_hash', 'ds_hash', 'rt_hash'],
  ...['events', 'htm', 'htu', 'ath', 'cnf'],
] as const
/** Where issuers say what kind of token or subject it is, and what they may say. */
const declaredKinds: Readonly<Record<string, readonly unknown[]>> = {
  token_use: ['access'],
  typ: ['Bearer', 'JWT', 'at+jwt'],
  sub_profile: ['service'],
  idtyp: ['app'],
  gty: ['client-credentials', 'client_credentials'],
  grant_type: ['client_credentials'],
  token_type: ['Bearer', 'bearer'],
}

/**
 * Says why verified claims are not those of an access token that one of the clients obtained for itself, or undefined
 * when they are. `typ` was judged with the header.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2
 */
export function whyNotOwnToken(claims: JsonObject, clientIds: readonly string[]): string | undefined {
  const { cid, client_id: clientId, sub } = claims
  const client = cid ?? clientId
  const named = clientClaims.filter((name) => claims[name] !== undefined)
  if (
    typeof client !== 'string' ||
    !clientIds.includes(client) ||
    named.some((name) => claims[name] !== client)
  )
    return 'is of another client'
  if (sub !== client) return 'is not about the client itself: its sub is another'
  const foreign =
    foreignClaims.find((name) => claims[name] !== undefined) ??
    Object.keys(declaredKinds).find(
      (name) => claims[name] !== undefined && !declaredKinds[name]?.includes(claims[name]),
    )
  return foreign && `is no access token of a client's own: it has the claim ${foreign}`
}
