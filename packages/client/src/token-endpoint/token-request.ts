import type { Clock, Fetch, Result } from '@behalf/core'
import { describeNetworkFault, type FetchFault, fail, readText } from '@behalf/core/internal'
import * as oauth from 'oauth4webapi'
import type { ClientAuth } from '../authentication/client-auth.ts'
import type { DpopBinding } from '../authentication/dpop.ts'
import { ExchangeError } from '../exchange-error.ts'
import { type FailedAttempt, failed, type IssuedToken, readTokenAnswer } from './answer.ts'
import type { Presentation, PresentedWish } from './presentation.ts'
import { readRetryAfter } from './retry-after.ts'

/** Whose token endpoint it is, and how it is spoken to. */
export interface TokenEndpointOptions {
  readonly issuer: string
  readonly clientId: string
  readonly auth: ClientAuth
  readonly dpop: DpopBinding | undefined
  readonly locate: () => Promise<Result<string, FetchFault>>
  readonly presentation: Presentation
  readonly fetch: Fetch
  readonly clock: Clock
}

/** What a token request asks for. */
export interface WantedToken extends PresentedWish {
  readonly scopes: readonly string[]
}

/**
 * Asks for a token once, and once more for each of two reasons: the server wants a nonce in the DPoP proof, the hook
 * another seal. Never throws.
 */
export type RequestToken = (
  wanted: WantedToken,
  signal: AbortSignal,
) => Promise<Result<IssuedToken, FailedAttempt>>

const maxBytes = 262_144

/**
 * Makes requests to an issuer's token endpoint, with assertion and resource in the query, because that is the only
 * part that Okta shows its hook. Redirects are not followed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export function createTokenRequest(options: TokenEndpointOptions): RequestToken {
  const { locate, presentation, dpop, clock } = options

  return async (wanted, signal) => {
    const location = await locate()
    if (!location.ok) return fail({ error: failed(location.fault.detail, { retryable: true }), again: {} })
    const attempt = () => post(location.value, wanted, signal)
    const first = await attempt()
    const outcome = wantsNonce(first) ? await attempt() : first
    return !outcome.ok && (await presentation.isMended(outcome.fault.error)) ? attempt() : outcome
  }

  function wantsNonce(outcome: Result<IssuedToken, FailedAttempt>): boolean {
    return dpop !== undefined && !outcome.ok && outcome.fault.error.oauthError === 'use_dpop_nonce'
  }

  async function post(
    endpoint: string,
    { scopes, ...wish }: WantedToken,
    signal: AbortSignal,
  ): Promise<Result<IssuedToken, FailedAttempt>> {
    const address = await presentation.address(endpoint, wish)
    if (!address.ok) return address
    let response: Response
    try {
      response = await send(endpoint, address.value.href, scopes, signal)
    } catch (error) {
      if (error instanceof ExchangeError) return fail({ error })
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
        [oauth.customFetch]: async (_endpoint, init) => {
          if (dpop === undefined) return options.fetch(url, init)
          const proof = await dpop.prove({ method: init.method, url: endpoint })
          const response = await options.fetch(url, { ...init, headers: { ...init.headers, dpop: proof } })
          dpop.keepNonce(endpoint, response)
          return response
        },
      },
    )
  }
}
