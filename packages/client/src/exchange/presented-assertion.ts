import type { Json } from '@behalf/core'
import { isJsonObject, isNumericDate, isPartyName, parseCompactJws } from '@behalf/core/internal'
import { ExchangeError } from '../exchange-error.ts'

/** The access token that API A presents, as far as API A looks into it. */
export interface PresentedAssertion {
  /** Its own `sub`. */
  readonly subject: string
  /** When it ends, in seconds since the epoch: with what it was made from, where it is delegated itself. */
  readonly expiresAt: number
  /** Whether somebody has delegated already, so that its `sub` is mapped and stays as it is. */
  readonly isDelegated: boolean
  /** Whose token the chain begins with: its own claims, or those that it conserves. */
  readonly origin: Origin
}

/** The first token of a chain. */
export interface Origin {
  readonly issuer: string
  readonly subject: string
  /** `jti`, when it has a usable one. */
  readonly id: string | undefined
  /** `exp`, in seconds since the epoch. */
  readonly expiresAt: number
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
  const { sub, exp, aud, act, assertion: conserved } = parsed.value.payload
  const isDelegated = act !== undefined && isJsonObject(conserved)
  const first = isDelegated ? conserved : parsed.value.payload
  if (!isPartyName(first['iss']))
    throw new ExchangeError('assertion_malformed', { detail: 'iss is unusable' })
  if (!isPartyName(sub) || !isPartyName(first['sub'])) throw new ExchangeError('assertion_subject_missing')
  if (sub === expected.clientId) throw new ExchangeError('assertion_subject_machine')
  if (!isNumericDate(exp) || !isNumericDate(first['exp']))
    throw new ExchangeError('assertion_malformed', { detail: 'exp is not a NumericDate' })
  const expiresAt = Math.min(exp, first['exp'])
  if (expiresAt <= expected.nowSeconds) throw new ExchangeError('assertion_expired')
  if (expected.audiences !== undefined && !namesOneOf(aud, expected.audiences)) {
    throw new ExchangeError('assertion_audience_mismatch')
  }
  const { iss: issuer, sub: subject, jti } = first
  const origin = { issuer, subject, id: typeof jti === 'string' ? jti : undefined, expiresAt: first['exp'] }
  return { subject: sub, expiresAt, isDelegated, origin }
}

function namesOneOf(aud: Json | undefined, audiences: readonly string[]): boolean {
  const named = Array.isArray(aud) ? aud : [aud]
  return audiences.some((audience) => named.includes(audience))
}
