import type { Json } from '@behalf/core'
import { isNumericDate, isPartyName, parseCompactJws } from '@behalf/core/internal'
import { ExchangeError } from './exchange-error.ts'

/** The user's access token that API A presents, as far as API A looks into it. */
export interface PresentedAssertion {
  readonly issuer: string
  readonly subject: string
  /** `exp`, in seconds since the epoch. */
  readonly expiresAt: number
  /** `jti`, when it has a usable one. */
  readonly id: string | undefined
}

/** What an assertion is checked against. */
export interface AssertionExpectations {
  readonly nowSeconds: number
  readonly clientId: string
  /** The names of API A, one of which must be in `aud`; undefined checks none. */
  readonly audiences: readonly string[] | undefined
}

/** As large as a hook can be configured to accept; 16 384 by default there. */
const maxAssertionBytes = 131_072

/**
 * Checks that an assertion is worth a token request: a signed JWT for a user that has not ended and (when
 * configured) was issued for this API. It does not verify the signature, the issuer or `nbf`: the hook does,
 * and API A must have verified its caller's token before.
 *
 * @throws ExchangeError - `assertion_malformed`, `assertion_too_large`, `assertion_encrypted`,
 * `assertion_subject_missing`, `assertion_subject_machine`, `assertion_expired`, `assertion_audience_mismatch`
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export function readAssertion(assertion: string, expected: AssertionExpectations): PresentedAssertion {
  const parsed = parseCompactJws(assertion, maxAssertionBytes)
  if (!parsed.ok) throw new ExchangeError(`assertion_${parsed.fault.code}`, { detail: parsed.fault.detail })
  const { iss, sub, exp, aud, jti } = parsed.value.payload
  if (!isPartyName(iss)) throw new ExchangeError('assertion_malformed', { detail: 'iss is unusable' })
  if (!isPartyName(sub)) throw new ExchangeError('assertion_subject_missing')
  if (sub === expected.clientId) throw new ExchangeError('assertion_subject_machine')
  if (!isNumericDate(exp))
    throw new ExchangeError('assertion_malformed', { detail: 'exp is not a NumericDate' })
  if (exp <= expected.nowSeconds) throw new ExchangeError('assertion_expired')
  if (expected.audiences !== undefined && !namesOneOf(aud, expected.audiences)) {
    throw new ExchangeError('assertion_audience_mismatch')
  }
  return { issuer: iss, subject: sub, expiresAt: exp, id: typeof jti === 'string' ? jti : undefined }
}

function namesOneOf(aud: Json | undefined, audiences: readonly string[]): boolean {
  const named = Array.isArray(aud) ? aud : [aud]
  return audiences.some((audience) => named.includes(audience))
}
