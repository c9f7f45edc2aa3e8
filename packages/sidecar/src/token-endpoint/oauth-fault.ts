import { type ErrorCode, errorTable } from '@behalf/core'
import type { HttpAnswer } from '../http/call.ts'

/** The errors of the token endpoint: those of RFC 6749 §5.2 and RFC 8693 §2.2.2, and two for what is no fault of the caller. */
export type OAuthErrorName =
  | 'invalid_request'
  | 'invalid_target'
  | 'invalid_scope'
  | 'invalid_client'
  | 'unsupported_grant_type'
  | 'temporarily_unavailable'
  | 'server_error'

/** Why no token is issued, and how that is answered. */
export interface OAuthFault {
  readonly status: number
  readonly error: OAuthErrorName
  /** Safe for everybody; begins with a code where one says more. */
  readonly description: string
  readonly headers?: Readonly<Record<string, string>>
  /** What the user's next token must bring for a permit, in the words of RFC 9470. */
  readonly needs?: Readonly<Record<string, string | number>>
  /** What has refused, for the operator's log. */
  readonly cause?: Error
}

/** How long a caller is asked to wait for what is out of reach. */
const retryAfterSeconds = 5

/** Returns a fault of the request. */
export function refuse(
  error: OAuthErrorName,
  description: string,
  more: Pick<OAuthFault, 'headers' | 'needs' | 'cause'> & { readonly status?: number } = {},
): OAuthFault {
  return { status: 400, error, description, ...more }
}

/** Returns a fault that passes by itself. */
export function unavailable(code: ErrorCode, cause: Error): OAuthFault {
  const headers = { 'retry-after': String(retryAfterSeconds) }
  return {
    status: 503,
    error: 'temporarily_unavailable',
    description: describeCode(code),
    headers,
    cause,
  }
}

/** What a code stands for, in the characters that a description may have. */
export function describeCode(code: ErrorCode): string {
  return `${code}: ${errorTable[code].sentence.replaceAll('"', "'")}`
}

/**
 * Turns a fault into the answer of a token endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export function answerFault({ status, error, description, headers, needs }: OAuthFault): HttpAnswer {
  return {
    status,
    headers: { ...tokenHeaders, ...headers },
    body: JSON.stringify({ error, error_description: description, ...needs }),
  }
}

/** What every answer of a token endpoint bears. */
export const tokenHeaders: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  pragma: 'no-cache',
}
