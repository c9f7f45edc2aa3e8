import type { ErrorClass, ErrorCode, Needs } from '@behalf/core'
import { ExchangeError } from '../../exchange-error.ts'
import { warnProcess } from '../../warning.ts'
import type { CallerOptions } from './caller-options.ts'
import { CallerRefusedError } from './caller-refused-error.ts'

/** What API A answers its own caller when no delegated token could be had. */
export interface ErrorAnswer {
  readonly status: number
  /** `www-authenticate`, where a better token would help; `retry-after`, where Okta says when it will. */
  readonly headers: Readonly<Record<string, string>>
  /** Absent where the verifier has refused the caller. */
  readonly body?: { readonly error: string }
}

/** The answer to a caller whom the verifier let through. */
export interface ExchangeAnswer extends ErrorAnswer {
  readonly body: { readonly error: string }
}

const invalidToken = answer(401, 'invalid_token', 'Bearer error="invalid_token"')
const insufficientScope = answer(403, 'insufficient_scope', 'Bearer error="insufficient_scope"')
const unavailable = answer(503, 'temporarily_unavailable')
const badGateway = answer(502, 'server_error')

/** By code, where the class does not decide. */
const answersByCode: Partial<Record<ErrorCode, ExchangeAnswer>> = {
  // RFC 6750 §3.1: a request without a token is told no error code.
  token_missing: answer(401, 'unauthorized', 'Bearer'),
  claims_too_large: badGateway,
  origin_not_allowed: answer(500, 'server_error'),
}

const answersByClass: Partial<Record<ErrorClass, ExchangeAnswer>> = {
  assertion: invalidToken,
  permission: insufficientScope,
  availability: unavailable,
}

/**
 * Turns an error into the answer to API A's caller: 401 when the caller's token is at fault, 403 when it is
 * in order and the delegation is not permitted, 503 when it may work later, and 500 or 502 for faults of API A
 * and of Okta's side, about which nothing more is said. A caller whom the verifier refused gets the verifier's answer. What the
 * user needs for a permit is told in the words of RFC 9470.
 *
 * @returns undefined for all other errors, e.g. those of an API's own verifier
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 * @see https://www.rfc-editor.org/rfc/rfc9470#section-3
 */
export function answerError(error: unknown, options: CallerOptions): ErrorAnswer | undefined {
  if (error instanceof ExchangeError) return answerExchange(error, options)
  if (!(error instanceof CallerRefusedError)) return undefined
  const { onError = warnOfAnswer } = options
  const answered = answerRefusal(error)
  onError(error, answered.status)
  return answered
}

/** Does so for a caller whom the verifier let through. */
export function answerExchange(
  error: ExchangeError,
  { onError = warnOfAnswer }: { readonly onError?: (error: ExchangeError, status: number) => void },
): ExchangeAnswer {
  const answered = chooseAnswer(error)
  onError(error, answered.status)
  return answered
}

function answerRefusal({ status, headers }: CallerRefusedError): ErrorAnswer {
  return { status, headers }
}

function chooseAnswer(error: ExchangeError): ExchangeAnswer {
  const { code, class: errorClass, retryable, needs, retryAfterSeconds } = error
  if (needs !== undefined) return answerNeeds(needs)
  const answered = answersByCode[code] ?? answersByClass[errorClass] ?? (retryable ? unavailable : badGateway)
  return answered !== unavailable || retryAfterSeconds === undefined
    ? answered
    : { ...unavailable, headers: { 'retry-after': String(retryAfterSeconds) } }
}

/** Scopes alone are asked for without a sign-in. */
function answerNeeds(needs: Needs): ExchangeAnswer {
  const [status, error] =
    needs.acrValues === undefined && needs.maxAgeSeconds === undefined
      ? ([403, 'insufficient_scope'] as const)
      : ([401, 'insufficient_user_authentication'] as const)
  return answer(status, error, writeChallenge(error, needs))
}

/** Writes a challenge. Nothing in it needs escaping: names and numbers were checked for that. */
export function writeChallenge(error: string, { acrValues, maxAgeSeconds, scopes }: Needs): string {
  const parameters = [
    `error="${error}"`,
    ...(acrValues === undefined ? [] : [`acr_values="${acrValues.join(' ')}"`]),
    ...(maxAgeSeconds === undefined ? [] : [`max_age="${maxAgeSeconds}"`]),
    ...(scopes === undefined ? [] : [`scope="${scopes.join(' ')}"`]),
  ]
  return `Bearer ${parameters.join(', ')}`
}

/** Where others have a record of it. */
function recordsOf(error: Error): string {
  if (!(error instanceof ExchangeError)) return ''
  const { requestId, decisionId } = error
  const named = [
    ...(requestId === undefined ? [] : [`Okta's request ${requestId}`]),
    ...(decisionId === undefined ? [] : [`the hook's decision ${decisionId}`]),
  ]
  return named.length === 0 ? '' : ` [${named.join(', ')}]`
}

/** Warns of what the caller is told nothing about, and of what Okta or the hook have a record of. */
function warnOfAnswer(error: Error, status: number): void {
  const records = recordsOf(error)
  if (status < 500 && records === '') return
  const told = `API A's caller was answered ${status}: ${error.message}`
  warnProcess({ code: 'caller_answered', message: `${told}${records}` })
}

function answer(status: number, error: string, challenge?: string): ExchangeAnswer {
  return {
    status,
    headers: challenge === undefined ? {} : { 'www-authenticate': challenge },
    body: { error },
  }
}
