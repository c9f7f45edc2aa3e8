import { hash } from 'node:crypto'
import type { TokenDraft } from '../inline-hook/token-draft.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import { type OktaFacts, plays } from '../org/okta-facts.ts'
import type { User } from '../org/user.ts'
import { userClaims } from './user-claims.ts'

/** What an ID token is made of. */
export interface IdTokenGrant {
  readonly issuer: string
  readonly clientId: string
  readonly user: User
  readonly scopes: readonly string[]
  /** How the user signed in. */
  readonly amr: readonly string[]
  /** The level of assurance, when the app has asked for one. */
  readonly acr: string | undefined
  /** What the server adds; no claim of Okta's own gives way to it. */
  readonly customClaims: JsonObject
  readonly nonce: string | undefined
  /** Seconds since the epoch. */
  readonly authTime: number
  /** Seconds since the epoch. */
  readonly issuedAt: number
  /** What is known of the org about claims of ID tokens. */
  readonly facts: OktaFacts
}

const lifetimeSeconds = 3600

/** Drafts an ID token in Okta's shape; its `sub` is the user's id. */
export function draftIdToken(grant: IdTokenGrant): TokenDraft {
  const { issuer, clientId, user, scopes, nonce, amr, acr, customClaims, authTime, issuedAt, facts } = grant
  const told = userClaims(user, scopes)
  return {
    lifetimeSeconds,
    claims: {
      ...customClaims,
      ...(plays(facts, 'id-token-claims', 'of the scopes') ? told : { sub: user.id }),
      ver: 1,
      iss: issuer,
      aud: clientId,
      iat: issuedAt,
      exp: issuedAt + lifetimeSeconds,
      jti: createIdentifier('ID.', 44),
      amr: [...amr],
      ...(acr === undefined ? {} : { acr }),
      idp: '00oSandbox',
      ...(nonce === undefined ? {} : { nonce }),
      auth_time: authTime,
    },
  }
}

/**
 * Returns the `at_hash` that ties an ID token to its access token.
 * @see OpenID Connect Core 1.0 §3.1.3.6
 */
export function accessTokenHash(accessToken: string): string {
  return hash('sha256', accessToken, 'buffer').subarray(0, 16).toString('base64url')
}

/** Returns the final claims of a draft: `exp` follows its lifetime. */
export function finalClaims({ claims, lifetimeSeconds: seconds }: TokenDraft, issuedAt: number): JsonObject {
  return { ...claims, exp: issuedAt + seconds }
}
