import type { TokenDrafts } from '../inline-hook/token-draft.ts'
import type { JsonObject } from '../org/json.ts'
import type { SigningKey } from '../org/signing-key.ts'
import { accessTokenHash, finalClaims } from './id-token.ts'

/** What goes into a token answer besides the drafts. */
export interface TokenAnswerParts {
  readonly key: SigningKey
  /** Seconds since the epoch. */
  readonly issuedAt: number
  readonly scopes: readonly string[]
  readonly refreshToken: string | undefined
  /** Claims of the access token that win over all others. */
  readonly claims: JsonObject
}

/** Signs tokens and makes the token endpoint's answer of them. */
export async function signTokens(
  { access, identity }: TokenDrafts,
  { key, issuedAt, scopes, refreshToken, claims }: TokenAnswerParts,
): Promise<{ readonly access_token: string } & JsonObject> {
  const accessToken = await key.sign({ ...finalClaims(access, issuedAt), ...claims })
  const at_hash = accessTokenHash(accessToken)
  return {
    token_type: 'Bearer',
    expires_in: access.lifetimeSeconds,
    access_token: accessToken,
    scope: scopes.join(' '),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(identity === undefined
      ? {}
      : { id_token: await key.sign({ ...finalClaims(identity, issuedAt), at_hash }) }),
  }
}
