import type { ExchangeError } from '@behalf/client'
import type { ErrorClass, ErrorCode } from '@behalf/core'
import { TokenError } from '@behalf/verify'
import { describeCode, type OAuthErrorName, type OAuthFault, refuse, unavailable } from './oauth-fault.ts'

/** Of denials and failures, by code, where the class does not decide. */
const errorsByCode: Partial<Record<ErrorCode, OAuthErrorName>> = {
  scope_not_permitted: 'invalid_scope',
  resource_invalid: 'invalid_target',
  // Okta issued the plain token because its hook did not answer: the next time it may.
  token_undelegated: 'temporarily_unavailable',
  // The seal is this client's, and no fault of the token that is in it.
  seal_required: 'server_error',
  seal_invalid: 'server_error',
  seal_client_mismatch: 'server_error',
  seal_audience_mismatch: 'server_error',
  seal_key_unknown: 'temporarily_unavailable',
  seal_expired: 'temporarily_unavailable',
  seal_replayed: 'temporarily_unavailable',
}

const errorsByClass: Partial<Record<ErrorClass, OAuthErrorName>> = {
  // RFC 8693 §2.2.2: also for a token that is unacceptable by policy.
  assertion: 'invalid_request',
  permission: 'invalid_request',
  availability: 'temporarily_unavailable',
}

/** What Okta itself says of a token request that is the caller's to mend. */
const passedOn: readonly OAuthErrorName[] = ['invalid_scope', 'invalid_target']

/**
 * Says how a refusal of verifier or client is answered: `invalid_request` for whatever is wrong with the subject token or
 * denied to it, 503 for what may pass, and 502 for what the operator has to mend, about which nothing but the code is said.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-2.2.2
 */
export function answerRefusal(error: TokenError | ExchangeError): OAuthFault {
  const { code } = error
  if (error instanceof TokenError) {
    return error.status === 503
      ? unavailable(code, error)
      : refuse('invalid_request', describeCode(code), { cause: error })
  }
  const name = nameOf(error)
  if (name === 'temporarily_unavailable') return unavailable(code, error)
  const status = name === 'server_error' ? 502 : 400
  const needs = describeNeeds(error.needs)
  return refuse(name, describeCode(code), { status, cause: error, ...(needs === undefined ? {} : { needs }) })
}

/** @see https://www.rfc-editor.org/rfc/rfc9470#section-3 */
function describeNeeds(needs: ExchangeError['needs']): OAuthFault['needs'] {
  if (needs === undefined) return undefined
  const { acrValues, maxAgeSeconds, scopes } = needs
  return {
    ...(acrValues === undefined ? {} : { acr_values: acrValues.join(' ') }),
    ...(maxAgeSeconds === undefined ? {} : { max_age: maxAgeSeconds }),
    ...(scopes === undefined ? {} : { scope: scopes.join(' ') }),
  }
}

/** Says what a caller is told of anything else that was thrown. */
export function answerDefect(thrown: unknown): OAuthFault {
  const cause = thrown instanceof Error ? thrown : new Error('something was thrown that is no error')
  return refuse('server_error', 'the token endpoint failed', { status: 500, cause })
}

function nameOf({ code, class: errorClass, retryable, oauthError }: ExchangeError): OAuthErrorName {
  return (
    errorsByCode[code] ??
    errorsByClass[errorClass] ??
    passedOn.find((name) => name === oauthError) ??
    (retryable ? 'temporarily_unavailable' : 'server_error')
  )
}
