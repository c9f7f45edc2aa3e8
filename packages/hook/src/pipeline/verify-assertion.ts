import type { ErrorCode, Result } from '@behalf/core'
import { deny, type JwtFault, type JwtFaultCode, pass, type VerifiedJwt } from '@behalf/core/internal'
import { andThen } from './and-then.ts'
import type { Targeted, Verified } from './exchange.ts'
import { proveUser } from './prove-user.ts'
import type { Step, StepContext, StepOutcome } from './step.ts'

/**
 * Step 7: the assertion is a valid access token of a user, or a delegated one that proves whose it is, from a trusted
 * issuer. Whether this client may present it is the next step's question.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export const verifyAssertion: Step<Targeted, Verified> = (targeted, context) =>
  andThen(context.verifyAssertion(targeted.assertionToken), (verified) => judge(targeted, verified, context))

function judge(
  targeted: Targeted,
  verified: Result<VerifiedJwt, JwtFault>,
  { clock, config, userProof }: StepContext,
): StepOutcome<Verified> {
  if (!verified.ok) return deny(denialOf[verified.fault.code], verified.fault.detail)
  const { claims } = verified.value
  if (claims['sub'] === targeted.clientId)
    return deny('assertion_subject_machine', 'its subject is the client that presents it')
  // The proof that goes with the key is made for API A, and the exchange would turn the token into one without.
  if (claims['cnf'] !== undefined && config.boundAssertions === 'deny') return deny('assertion_bound')
  const proven = proveUser(verified.value, userProof, clock.now() / 1000)
  if (!proven.ok) return proven
  const { subject, mappedSubject } = proven.value
  // The first token names the client, or what its subject is mapped to does: API B could not tell the two apart.
  return subject === targeted.clientId || mappedSubject === targeted.clientId
    ? deny('assertion_subject_machine', 'its user is called like the client that presents it')
    : pass({ ...targeted, assertion: proven.value })
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
