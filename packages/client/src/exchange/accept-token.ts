import type { DelegatedToken, ErrorCode, Json, JsonObject } from '@behalf/core'
import { isJsonObject, isNumericDate, parseCompactJws, parseDelegatedToken } from '@behalf/core/internal'
import { DelegatedAccessToken, type TokenCandidate } from '../delegated-access-token.ts'
import { ExchangeError } from '../exchange-error.ts'
import type { PresentedAssertion } from './presented-assertion.ts'
import { type AcceptedToken, issuersNow } from './token-life.ts'

/** What was asked for. */
export interface TokenExpectations {
  readonly issuer: string
  readonly clientId: string
  /** What the hook was told to do with `sub`. */
  readonly subject: 'assertion' | 'keep'
  readonly assertion: PresentedAssertion
  /** What `aud` must be; undefined when no resource was named, so that nothing here says. */
  readonly resource: string | undefined
  /**
   * What `scp` must hold, no less and no more: of a token from a store, whose answer nobody saw. Undefined for one that
   * the authorization server has just granted.
   */
  readonly scopes: readonly string[] | undefined
  /** By this machine's clock. */
  readonly nowSeconds: number
  /** Whether it has just been issued, and not been kept by others. */
  readonly isNew: boolean
  /** Set when tokens are to be bound to a key. */
  readonly dpopThumbprint: string | undefined
  /** Okta's id of the request that brought it, for whoever asks why it is not what was wanted. */
  readonly requestId: string | undefined
}

const maxTokenBytes = 65_536
/** The hook decides about the depth of the chain; this only bounds the work. */
const maxActorDepth = 16

/**
 * Accepts a token only if it acts for the user of this assertion, through this client, at the resource that was named. It
 * does not verify the signature: the token comes from the token endpoint itself, and API B does.
 *
 * @throws ExchangeError - `token_undelegated` for a plain machine token, as Okta issues it when its hook did
 * not answer; `actor_mismatch`, `subject_mismatch`, `actor_chain_too_deep`, `token_expired`, `token_invalid`
 */
export function acceptToken(candidate: TokenCandidate, expected: TokenExpectations): AcceptedToken {
  const { accessToken, tokenType } = candidate
  const { nowSeconds, isNew, dpopThumbprint } = expected
  const parsed = parseCompactJws(accessToken, maxTokenBytes)
  if (!parsed.ok) throw refuse(expected, 'token_invalid', parsed.fault.detail)
  const claims = parsed.value.payload
  const issuedAt = isNumericDate(claims['iat']) ? claims['iat'] : nowSeconds
  const issuerNow = isNew ? issuersNow(claims['iat'], nowSeconds) : nowSeconds
  const { subject, actors, expiresAt } = acceptClaims(claims, issuerNow, expected)
  const scopes = readScopes(claims['scp'])
  if (expected.resource !== undefined && claims['aud'] !== expected.resource) {
    throw refuse(expected, 'token_invalid', 'its audience is not exactly the resource')
  }
  if (expected.scopes !== undefined && !isSameSet(scopes, expected.scopes)) {
    throw refuse(expected, 'token_invalid', 'its scopes are not those that were asked for')
  }
  if (tokenType !== (dpopThumbprint === undefined ? 'Bearer' : 'DPoP')) {
    throw refuse(expected, 'token_invalid', `it is of type ${tokenType}`)
  }
  if (dpopThumbprint !== undefined && boundKey(claims['cnf']) !== dpopThumbprint) {
    throw refuse(expected, 'token_invalid', 'it is not bound to the DPoP key')
  }
  const endsInSeconds = expiresAt - issuerNow
  const usableUntil = Math.min(nowSeconds + endsInSeconds, candidate.expiresAt ?? Number.POSITIVE_INFINITY)
  if (usableUntil <= nowSeconds) throw refuse(expected, 'token_expired')
  const token = new DelegatedAccessToken({
    accessToken,
    tokenType,
    subject,
    actors,
    scopes,
    expiresAt: usableUntil,
  })
  const end = usableUntil - nowSeconds + issuerNow
  return {
    token,
    lifetimeSeconds: end - Math.min(issuedAt, issuerNow),
    prolongableSeconds: Math.max(0, expected.assertion.expiresAt - end),
    requestId: expected.requestId,
  }
}

/**
 * The first token of the chain must be the one that was presented, or the one that it conserves. A `sub` that the first
 * hop may have mapped is left to API B, which knows the mapping; later it stays as it is.
 */
function acceptClaims(claims: JsonObject, nowSeconds: number, expected: TokenExpectations): DelegatedToken {
  const { clientId, assertion, subject } = expected
  const isSubjectOf = (sub: string): boolean => !assertion.isDelegated || sub === assertion.subject
  const read = parseDelegatedToken(claims, { nowSeconds, maxActorDepth, subject, isSubjectOf })
  if (!read.ok) throw refuse(expected, read.fault.code, read.fault.detail)
  const { actor, user, assertion: conserved } = read.value
  const { origin } = assertion
  if (claims['iss'] !== expected.issuer) throw refuse(expected, 'token_invalid', 'another issuer issued it')
  if (actor.sub !== clientId) throw refuse(expected, 'actor_mismatch')
  if (user.subject !== origin.subject) throw refuse(expected, 'subject_mismatch')
  const sameId = origin.id === undefined || conserved['jti'] === origin.id
  // The hook may end the delegation earlier, and never later.
  if (user.issuer !== origin.issuer || conserved.exp > origin.expiresAt || !sameId)
    throw refuse(expected, 'token_invalid', 'it was made from another assertion')
  return read.value
}

function refuse({ requestId }: TokenExpectations, code: ErrorCode, detail?: string): ExchangeError {
  return new ExchangeError(code, { requestId, ...(detail === undefined ? {} : { detail }) })
}

/** @see https://www.rfc-editor.org/rfc/rfc9449#section-6.1 */
function boundKey(cnf: Json | undefined): Json | undefined {
  return isJsonObject(cnf) ? cnf['jkt'] : undefined
}

function readScopes(scp: Json | undefined): readonly string[] {
  return Array.isArray(scp) ? scp.filter((scope) => typeof scope === 'string') : []
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.every((item) => other.includes(item)) && other.every((item) => one.includes(item))
}
