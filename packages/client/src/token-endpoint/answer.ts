import {
  type ErrorCode,
  errorTable,
  isErrorCode,
  type Json,
  type JsonObject,
  type Needs,
  type Result,
} from '@behalf/core'
import { fail, isJsonObject, parseDecision, parseNeeds, parseStrictJson, pass } from '@behalf/core/internal'
import { ExchangeError, type ExchangeErrorOptions } from '../exchange-error.ts'

/** An access token as the token endpoint hands it out; nothing is known about its delegation yet. */
export interface IssuedToken {
  readonly accessToken: string
  readonly tokenType: 'Bearer' | 'DPoP'
  /** Absent when the answer does not say. */
  readonly expiresInSeconds?: number
  /** Okta's id of the request, when it says. */
  readonly requestId: string | undefined
}

/** Why one token request brought no token. */
export interface FailedAttempt {
  readonly error: ExchangeError
  /** Present when another attempt is safe; not before `afterMs` when the server said so. */
  readonly again?: { readonly afterMs?: number }
  /** For how long the server asks to be left alone by all, when it does. */
  readonly restMs?: number
}

/** The head of an answer to a token request. */
export interface AnswerHead {
  readonly status: number
  /** `x-okta-request-id`, when it is one. */
  readonly requestId: string | undefined
  /** For how long the server asks to be left alone, when it does. */
  readonly restMs: number | undefined
}

const maxJsonDepth = 32

/**
 * Reads the answer to a token request. A denial by the hook keeps its code; of everything else only the
 * status and a registered OAuth error code or one of Okta's are kept, never a text of the server.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5
 */
export function readTokenAnswer(head: AnswerHead, text: string): Result<IssuedToken, FailedAttempt> {
  const { status, requestId, restMs } = head
  const parsed = parseStrictJson(text, maxJsonDepth)
  const body = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {}
  if (status === 200) {
    const token = readToken(body['access_token'], body['token_type'], body['expires_in'])
    if (token !== undefined) return pass({ ...token, requestId })
    return fail({ error: failed('it answered 200 without a usable token', { status, requestId }) })
  }
  const denial = hookDenial(status, body['error'], body['error_description'])
  if (denial !== undefined) {
    return fail({
      error: new ExchangeError(denial.code, {
        ...denial,
        refusedBy: 'hook',
        status,
        requestId,
        oauthError: 'server_error',
      }),
    })
  }
  const { oauthError, oktaError } = namedError(body)
  const name = oauthError ?? oktaError
  const remedy = remedyOf(status, name)
  const detail = `it answered ${status}${name === undefined ? '' : ` ${name}`}${remedy === undefined ? '' : `; ${remedy}`}`
  const retryable = status === 429 || status >= 500
  const retryAfterSeconds = restMs === undefined ? undefined : Math.ceil(restMs / 1000)
  const error = failed(detail, { status, retryable, requestId, oauthError, oktaError, retryAfterSeconds })
  const rest = restMs === undefined ? {} : { restMs }
  // A 429 that does not say when is not worth another of the requests that it limits.
  if (!retryable || (status === 429 && restMs === undefined)) return fail({ error, ...rest })
  return fail({ error, again: restMs === undefined ? {} : { afterMs: restMs }, ...rest })
}

/** Returns a `token_request_failed` by the server or the way to it. */
export function failed(detail: string, options: Omit<ExchangeErrorOptions, 'detail'> = {}): ExchangeError {
  return new ExchangeError('token_request_failed', {
    retryable: false,
    ...options,
    refusedBy: 'server',
    detail,
  })
}

function readToken(
  accessToken: Json | undefined,
  tokenType: Json | undefined,
  expiresIn: Json | undefined,
): Omit<IssuedToken, 'requestId'> | undefined {
  if (typeof accessToken !== 'string' || typeof tokenType !== 'string') return undefined
  const type = { bearer: 'Bearer', dpop: 'DPoP' } as const
  const name = tokenType.toLowerCase()
  if (name !== 'bearer' && name !== 'dpop') return undefined
  return {
    accessToken,
    tokenType: type[name],
    ...(typeof expiresIn === 'number' ? { expiresInSeconds: expiresIn } : {}),
  }
}

/** What is kept of a denial by the hook. */
interface HookDenial {
  readonly code: ErrorCode
  readonly needs?: Needs
  readonly decisionId: string | undefined
}

/**
 * The code of a denial by the hook, and what the user needs: Okta passes the hook's `errorSummary`, `<code>: <sentence>` or
 * `step_up_required: (<needs>) <sentence>`, on as the description of a `server_error`. Only codes that a hook can answer with
 * count, and only needs in their one form.
 */
function hookDenial(
  status: number,
  error: Json | undefined,
  description: Json | undefined,
): HookDenial | undefined {
  if (status < 400 || error !== 'server_error' || typeof description !== 'string') return undefined
  const [, code = ''] = /^([a-z_]{1,64}): \S/.exec(description) ?? []
  if (!isErrorCode(code)) return undefined
  const { class: errorClass } = errorTable[code]
  if (errorClass === 'exchange' || errorClass === 'token') return undefined
  const [, written] = /^step_up_required: \(([^()]{1,600})\) \S/.exec(description) ?? []
  const needs = written === undefined ? undefined : parseNeeds(written)
  const denial = { code, decisionId: parseDecision(description) }
  return needs === undefined ? denial : { ...denial, needs }
}

/** What an answer names its error: as OAuth does, or as Okta does in its own envelope. */
function namedError({ error, errorCode }: JsonObject): {
  readonly oauthError: string | undefined
  readonly oktaError: string | undefined
} {
  return {
    oauthError: registeredError(error) ?? registeredError(errorCode),
    oktaError: typeof errorCode === 'string' && /^E\d{7}$/.test(errorCode) ? errorCode : undefined,
  }
}

/** What to do, by the registered error codes: RFC 6749 §4.1.2.1 and §5.2, RFC 8707 §2, RFC 9449 §5. */
const registeredErrors: ReadonlyMap<Json | undefined, string | undefined> = new Map([
  ['invalid_request', undefined],
  ['invalid_client', 'it knows no such client, or other credentials: check clientId and auth'],
  ['invalid_grant', undefined],
  ['unauthorized_client', 'the client may not ask for client_credentials: check its grant types'],
  ['unsupported_grant_type', 'the server does not offer client_credentials: check its rules'],
  ['invalid_scope', 'the server has no such scope, or no rule gives it to this client'],
  ['access_denied', 'no access policy of the server has a rule for this client'],
  ['server_error', undefined],
  ['temporarily_unavailable', undefined],
  ['invalid_target', undefined],
  ['invalid_dpop_proof', 'check the clock of this machine, and whether the client is to use DPoP'],
  ['use_dpop_nonce', undefined],
])

function registeredError(error: Json | undefined): string | undefined {
  return typeof error === 'string' && registeredErrors.has(error) ? error : undefined
}

function remedyOf(status: number, name: string | undefined): string | undefined {
  if (status === 429) return 'a rate limit of the org or the client is used up'
  if (status === 404) return 'is the issuer one of this org?'
  return registeredErrors.get(name)
}
