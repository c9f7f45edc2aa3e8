import type { ActingForUser, UserAccess } from '../../access/access.ts'

/**
 * What the SDK keeps of a verified token and hands to tools, as `ctx.http.authInfo` or, in its first generation,
 * `extra.authInfo`. It holds the token itself: do not print it.
 */
export interface McpAuthInfo {
  token: string
  /** The client that calls: the application that the user signed in to, or who acts for the user now. */
  clientId: string
  scopes: string[]
  /** In seconds since the epoch. */
  expiresAt: number
  /** What the token was issued for (RFC 8707): its audience, where that is one URL. */
  resource?: URL
  /** The user as whoever vouched for them does; tell users apart by both members. */
  extra: { issuer: string; subject: string }
}

/** Describes an access as the SDK does. */
export function toAuthInfo(access: UserAccess | ActingForUser): McpAuthInfo {
  const { token, scopes, expiresAt, user, claims } = access
  const resource = resourceOf(claims['aud'])
  return {
    token,
    clientId: 'client' in access ? access.client : access.actor.sub,
    scopes: [...scopes],
    expiresAt,
    ...(resource === undefined ? {} : { resource }),
    extra: { issuer: user.issuer, subject: user.subject },
  }
}

/** Of several audiences nothing says which one the server is: none is better than the wrong one. */
function resourceOf(audience: unknown): URL | undefined {
  const [only, ...others] = [audience].flat()
  if (typeof only !== 'string' || others.length > 0 || !URL.canParse(only)) return undefined
  return new URL(only)
}
