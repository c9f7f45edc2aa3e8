import type { Clock, Fetch, Result } from '@behalf/core'
import { describeNetworkFault, type FetchFault, fail, readText } from '@behalf/core/internal'
import * as oauth from 'oauth4webapi'
import type { ClientAuth } from '../authentication/client-auth.ts'
import type { DpopBinding } from '../authentication/dpop.ts'
import type { OnWarning } from '../warning.ts'
import { type FailedAttempt, failed, type IssuedToken, readTokenAnswer } from './answer.ts'
import { readRetryAfter } from './retry-after.ts'

/** Whose token endpoint it is, and how it is spoken to. */
export interface TokenEndpointOptions {
  readonly issuer: string
  readonly clientId: string
  readonly auth: ClientAuth
  readonly dpop: DpopBinding | undefined
  readonly locate: () => Promise<Result<string, FetchFault>>
  readonly fetch: Fetch
  readonly clock: Clock
  readonly warn: OnWarning
}

/** What a token request asks for. */
export interface WantedToken {
  readonly assertion: string
  readonly scopes: readonly string[]
  readonly resource: string | undefined
}

/** Asks for a token once (twice when the server wants a nonce in the DPoP proof); never throws. */
export type RequestToken = (
  wanted: WantedToken,
  signal: AbortSignal,
) => Promise<Result<IssuedToken, FailedAttempt>>

const maxBytes = 262_144
const maxRequestLineBytes = 8_192

/**
 * Makes requests to an issuer's token endpoint, with assertion and resource in the query, because that is the only
 * part that Okta shows its hook. Redirects are not followed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export function createTokenRequest(options: TokenEndpointOptions): RequestToken {
  const { locate, dpop, clock } = options
  const warnOfLength = warnOnce(options.warn)

  return async ({ assertion, scopes, resource }, signal) => {
    const location = await locate()
    if (!location.ok) return fail({ error: failed(location.fault.detail, { retryable: true }), again: {} })
    const url = new URL(location.value)
    url.searchParams.set('assertion', assertion)
    // Okta itself acts on `resource` and `audience`, so that the hook takes neither.
    if (resource !== undefined) url.searchParams.set('assertion_resource', resource)
    warnOfLength(url)
    const outcome = await post(location.value, url.href, scopes, signal)
    const wantsNonce =
      dpop !== undefined && !outcome.ok && outcome.fault.error.oauthError === 'use_dpop_nonce'
    return wantsNonce ? post(location.value, url.href, scopes, signal) : outcome
  }

  async function post(
    endpoint: string,
    url: string,
    scopes: readonly string[],
    signal: AbortSignal,
  ): Promise<Result<IssuedToken, FailedAttempt>> {
    let response: Response
    try {
      response = await send(endpoint, url, scopes, signal)
    } catch (error) {
      // The cause may quote the URL, and with it the assertion, so only its code is kept.
      const { detail } = describeNetworkFault(error)
      return fail({ error: failed(`it ${detail}`, { retryable: true }), again: {} })
    }
    const { status, headers } = response
    try {
      const text = await readText(response, maxBytes)
      if (text === undefined) return fail({ error: failed(`it answered with more than ${maxBytes} bytes`) })
      return readTokenAnswer(status, text, readRetryAfter(headers.get('retry-after'), clock.now()))
    } catch {
      return fail({ error: failed('its answer broke off', { status, retryable: true }) })
    }
  }

  async function send(
    endpoint: string,
    url: string,
    scopes: readonly string[],
    signal: AbortSignal,
  ): Promise<Response> {
    const skewSeconds = Math.floor(clock.now() / 1000) - Math.floor(Date.now() / 1000)
    return oauth.clientCredentialsGrantRequest(
      { issuer: options.issuer, token_endpoint: endpoint },
      { client_id: options.clientId, [oauth.clockSkew]: skewSeconds },
      options.auth.authenticate,
      scopes.length === 0 ? {} : { scope: scopes.join(' ') },
      {
        signal,
        // Only loopback and the hosts that were named may be http: options and discovery saw to that.
        [oauth.allowInsecureRequests]: true,
        // The library sees the endpoint alone, so that no error or proof of its can quote the assertion.
        [oauth.customFetch]: (_endpoint, init) => options.fetch(url, init),
        ...(dpop === undefined ? {} : { DPoP: await dpop.handle() }),
      },
    )
  }
}

function warnOnce(warn: OnWarning): (url: URL) => void {
  let warned = false
  return ({ pathname, search }) => {
    const bytes = `POST ${pathname}${search} HTTP/1.1\r\n`.length
    if (warned || bytes <= maxRequestLineBytes) return
    warned = true
    warn({
      code: 'request_line_too_long',
      message: `The line of a token request has ${bytes} bytes, more than the ${maxRequestLineBytes} that servers commonly accept; let the issuer put fewer claims into the users' access tokens.`,
    })
  }
}
