import type { JsonObject } from '../org/json.ts'
import type { User } from '../org/user.ts'
import { userClaims } from './user-claims.ts'

/** What the userinfo endpoint answers. */
export interface UserinfoAnswer {
  readonly status: 200 | 401 | 403
  readonly body: JsonObject
}

/**
 * Returns the claims about the user of an access token with scope `openid`.
 * @param claims - of an access token whose signature and lifetime hold
 * @see OpenID Connect Core 1.0 §5.3
 */
export function userinfo(claims: JsonObject | undefined, users: ReadonlyMap<string, User>): UserinfoAnswer {
  const user = users.get(String(claims?.['uid']))
  if (claims === undefined || user === undefined) return { status: 401, body: { error: 'invalid_token' } }
  const scopes = Array.isArray(claims['scp']) ? claims['scp'].map(String) : []
  if (!scopes.includes('openid')) return { status: 403, body: { error: 'insufficient_scope' } }
  return { status: 200, body: userClaims(user, scopes) }
}
