import type { AuthorizationServer } from '../org/authorization-server.ts'
import { groupsOf } from '../org/group.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import { customClaims } from './custom-claims.ts'
import { userClaims } from './user-claims.ts'

/** What the userinfo endpoint answers. */
export interface UserinfoAnswer {
  readonly status: 200 | 401 | 403
  readonly body: JsonObject
}

/**
 * Returns the claims about the user of an access token with scope `openid`: those that the scopes entitle to, and
 * the server's own claims of ID tokens.
 * @param claims - of an access token whose signature and lifetime hold
 * @see OpenID Connect Core 1.0 §5.3
 */
export function userinfo(
  org: Org,
  server: AuthorizationServer,
  claims: JsonObject | undefined,
): UserinfoAnswer {
  const user = org.users.get(String(claims?.['uid']))
  const app = org.apps.get(String(claims?.['cid']))
  if (claims === undefined || user === undefined || app === undefined)
    return { status: 401, body: { error: 'invalid_token' } }
  const scopes = Array.isArray(claims['scp']) ? claims['scp'].map(String) : []
  if (!scopes.includes('openid')) return { status: 403, body: { error: 'insufficient_scope' } }
  const groups = groupsOf(org, user.id)
  const own = customClaims(server.claims, {
    app,
    user,
    groups,
    session: undefined,
    scopes,
    claimType: 'IDENTITY',
  })
  return { status: 200, body: { ...own, ...userClaims(user, scopes) } }
}
