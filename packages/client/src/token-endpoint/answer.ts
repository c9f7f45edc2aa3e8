import { type ErrorCode, errorTable, isErrorCode, type Json, type Needs, type Result } from '@behalf/core'
import { fail, isJsonObject, parseNeeds, parseStrictJson, pass } from '@behalf/core/internal'
import { ExchangeError } from '../exchange-error.ts'

/** An access token as the token endpoint hands it out; nothing is known about its delegation yet. */
export interface IssuedToken {
  readonly accessToken: string
  readonly tokenType: 'Bearer' | 'DPoP'
  /** Absent when the answer does not say. */
  readonly expiresInSeconds?: number
}

/** Why one token request brought no token. */
export interface FailedAttempt {
  readonly error: ExchangeError
  /** Present when another attempt is safe; not before `afterMs` when the server said so. */
  readonly again?: { readonly afterMs?: number }
}

const maxJsonDepth = 32

/**
 * Reads the answer to a token request. A denial by the hook keeps its code; of everything else only the
 * status and a registered OAuth error code are kept, never a text of the server.
 *
 * @param afterMs - what `Retry-After` says, in milliseconds
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5
 */
export function readTokenAnswer(
  status: number,
  text: string,
  afterMs: number | undefined,
): Result<IssuedToken, FailedAttempt> {
  const parsed = parseStrictJson(text, maxJsonDepth)
  const body = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {}
  if (status === 200) {
    const token = readToken(body['access_token'], body['token_type'], body['expires_in'])
    if (token !== undefined) return pass(token)
    return fail({ error: failed('it answered 200 without a usable token', { status }) })
  }
  const denial = hookDenial(status, body['error'], body['error_description'])
  if (denial !== undefined) {
    return fail({
      error: new ExchangeError(denial.code, {
        ...denial,
        refusedBy: 'hook',
        status,
        oauthError: 'server_error',
      }),
    })
  }
  const oauthError = registeredError(body['error'])
  const what = status === 404 ? '; is the issuer one of this org?' : ''
  const detail = `it answered ${status}${oauthError === undefined ? what : ` ${oauthError}`}`
  const retryable = status === 429 || status >= 500
  const error = failed(detail, { status, retryable, ...(oauthError === undefined ? {} : { oauthError }) })
  // A 429 that does not say when is not worth another of the requests that it limits.
  if (!retryable || (status === 429 && afterMs === undefined)) return fail({ error })
  return fail({ error, again: afterMs === undefined ? {} : { afterMs } })
}

/** Returns a `token_request_failed` by the server or the way to it. */
export function failed(
  detail: string,
  options: { readonly status?: number; readonly oauthError?: string; readonly retryable?: boolean } = {},
): ExchangeError {
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
): IssuedToken | undefined {
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
  return needs === undefined ? { code } : { code, needs }
}

/** RFC 6749 §4.1.2.1 and §5.2, RFC 8707 §2, RFC 9449 §5. */
const registeredErrors: ReadonlySet<unknown> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'access_denied',
  'server_error',
  'temporarily_unavailable',
  'invalid_target',
  'invalid_dpop_proof',
  'use_dpop_nonce',
])

function registeredError(error: Json | undefined): string | undefined {
  return typeof error === 'string' && registeredErrors.has(error) ? error : undefined
}
