import type { AuthorizationServer } from '../org/authorization-server.ts'
import type { JsonObject } from '../org/json.ts'
import { type OktaFacts, outcomeOf } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'

/**
 * Returns an introspection answer in Okta's shape, about an access token that is active.
 *
 * @param facts - what is known of the org about tokens whose audience and subject a hook has replaced
 * @see RFC 7662 §2.2
 */
export function introspectionAnswer(
  claims: JsonObject,
  server: AuthorizationServer,
  facts: OktaFacts,
): JsonObject {
  const { scp, cid, ver: _, ...others } = claims
  const known = isReplaced(claims, server)
    ? outcomeOf(facts, 'introspect-replaced')
    : 'active, as the token says'
  if (known === 'inactive') return { active: false }
  const told = known === 'active, as issued' ? { ...others, aud: server.audience, sub: cid } : others
  return {
    active: true,
    ...told,
    scope: Array.isArray(scp) ? scp.join(' ') : '',
    username: told['sub'],
    token_type: 'Bearer',
    client_id: cid,
  }
}

/** Says whether a token is a person's who is not active any more, or whose tokens were revoked after it was issued. */
export function isOfStoppedUser(
  { uid, iat }: JsonObject,
  { users, tokensRevoked }: Pick<Org, 'users' | 'tokensRevoked'>,
): boolean {
  if (typeof uid !== 'string') return false
  const revokedAt = tokensRevoked.get(uid)
  return users.get(uid)?.status !== 'ACTIVE' || (revokedAt !== undefined && Number(iat) <= revokedAt)
}

/** Says whether a token of this server is for another audience than its own. */
export function isReplaced({ aud }: JsonObject, { audience }: AuthorizationServer): boolean {
  return aud !== undefined && aud !== audience
}
