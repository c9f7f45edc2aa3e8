import type { JsonObject } from '../org/json.ts'

/**
 * Returns an introspection answer in Okta's shape, about an access token that is active.
 * @see RFC 7662 §2.2
 */
export function introspectionAnswer(claims: JsonObject): JsonObject {
  const { scp, cid, ver: _, ...others } = claims
  return {
    active: true,
    ...others,
    scope: Array.isArray(scp) ? scp.join(' ') : '',
    username: claims['sub'],
    token_type: 'Bearer',
    client_id: cid,
  }
}
