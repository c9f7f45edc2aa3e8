import type { TokenDraft } from '../inline-hook/token-draft.ts'
import type { App } from '../org/app.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import type { JsonObject } from '../org/json.ts'
import type { User } from '../org/user.ts'

/** What an access token is made of. */
export interface AccessTokenGrant {
  readonly server: AuthorizationServer
  readonly app: App
  readonly audience: string
  readonly scopes: readonly string[]
  readonly lifetimeSeconds: number
  /** Ties the token to what the server stores about it. */
  readonly handle: string
  /** Seconds since the epoch. */
  readonly issuedAt: number
  /** What the server adds; no claim of Okta's own gives way to it. */
  readonly customClaims: JsonObject
  readonly signIn:
    | { readonly user: User; readonly authTime?: number; readonly acr?: string | undefined }
    | undefined
}

const idPrefix = 'AT.'

/** Drafts an access token in Okta's shape: `sub` is the login of a user, or the client id of a machine. */
export function draftAccessToken(grant: AccessTokenGrant): TokenDraft {
  const { server, app, audience, scopes, lifetimeSeconds, handle, issuedAt, signIn } = grant
  const claims: JsonObject = {
    ver: 1,
    jti: `${idPrefix}${handle}`,
    iss: server.issuer,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    cid: app.clientId,
  }
  if (signIn !== undefined) claims['uid'] = signIn.user.id
  claims['scp'] = [...scopes]
  if (signIn?.authTime !== undefined) claims['auth_time'] = signIn.authTime
  if (signIn?.acr !== undefined) claims['acr'] = signIn.acr
  claims['sub'] = signIn?.user.login ?? app.clientId
  return { claims: { ...grant.customClaims, ...claims }, lifetimeSeconds }
}

/** Returns the stored token that an access token's `jti` stands for. */
export function handleOf(jti: unknown): string | undefined {
  return typeof jti === 'string' && jti.startsWith(idPrefix) ? jti.slice(idPrefix.length) : undefined
}
