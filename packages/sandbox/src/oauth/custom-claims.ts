import type { App } from '../org/app.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { type CustomClaim, valueOfClaim } from '../org/custom-claim.ts'
import { groupNamesOf } from '../org/group.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import type { User } from '../org/user.ts'

/** What a token is about that gets a server's own claims. */
export interface ClaimedToken {
  readonly app: App
  readonly user: User | undefined
  readonly scopes: readonly string[]
  readonly claimType: CustomClaim['claimType']
}

/** Returns the server's own claims of a token, as they come out for its user and app. */
export function customClaims(
  org: Org,
  { claims }: AuthorizationServer,
  { app: { clientId }, user, scopes, claimType }: ClaimedToken,
): JsonObject {
  const subject = { user, groups: user === undefined ? [] : groupNamesOf(org, user.id), clientId, scopes }
  const own = claims.filter((claim) => claim.claimType === claimType)
  return Object.fromEntries(own.map((claim) => [claim.name, valueOfClaim(claim, subject)]))
}
