import type { Clock, ErrorCode, JsonObject, Result } from '@behalf/core'
import {
  deny,
  isJsonObject,
  isNumericDate,
  isPartyName,
  type JwtFault,
  type JwtFaultCode,
  pass,
  type VerifiedJwt,
} from '@behalf/core/internal'
import { andThen } from './and-then.ts'
import type { Presented, Verified } from './exchange.ts'
import type { Step, StepOutcome } from './step.ts'
import { whyNotUserToken } from './user-token.ts'

/**
 * Step 5: the assertion is a valid access token of a user, from a trusted issuer. Whether this client may
 * present it is the next step's question.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export const verifyAssertion: Step<Presented, Verified> = (presented, { clock, verifyAssertion: verify }) =>
  andThen(verify(presented.assertionToken), (verified) => judge(presented, verified, clock))

function judge(
  presented: Presented,
  verified: Result<VerifiedJwt, JwtFault>,
  clock: Clock,
): StepOutcome<Verified> {
  if (!verified.ok) return deny(denialOf[verified.fault.code], verified.fault.detail)
  const { issuer, audiences, claims } = verified.value
  const { sub: subject } = claims
  if (!isPartyName(subject)) return deny('assertion_subject_missing', 'sub is missing or unusable')
  const other = whyNotUserToken(verified.value, subject, presented.clientId)
  if (other !== undefined) return deny(other.code, other.detail)
  const expiresAt = Math.min(verified.value.expiresAt, originEnd(claims) ?? Number.POSITIVE_INFINITY)
  if (expiresAt <= clock.now() / 1000)
    return deny('assertion_expired', 'what the assertion was made from has ended')
  return pass({ ...presented, assertion: { issuer, subject, audiences, expiresAt, claims } })
}

/** A delegated token may outlive what it was made from (Okta's floor is 300 s); a chain must not add that up. */
function originEnd({ act, assertion }: JsonObject): number | undefined {
  if (act === undefined || !isJsonObject(assertion)) return undefined
  return isNumericDate(assertion['exp']) ? assertion['exp'] : undefined
}

const denialOf: Readonly<Record<JwtFaultCode, ErrorCode>> = {
  too_large: 'assertion_too_large',
  encrypted: 'assertion_encrypted',
  malformed: 'assertion_malformed',
  issuer_untrusted: 'assertion_issuer_untrusted',
  algorithm_unsupported: 'assertion_algorithm_unsupported',
  type_unsupported: 'assertion_type_unsupported',
  key_unknown: 'assertion_key_unknown',
  keys_unavailable: 'keys_unavailable',
  signature_invalid: 'assertion_signature_invalid',
  audience_mismatch: 'assertion_audience_mismatch',
  expired: 'assertion_expired',
  not_yet_valid: 'assertion_not_yet_valid',
}
