import type { Clock, Fetch, Result } from '@behalf/core'
import {
  describeNetworkFault,
  type FetchFault,
  fail,
  type NetworkFault,
  readText,
} from '@behalf/core/internal'
import * as oauth from 'oauth4webapi'
import type { ClientAuth } from '../authentication/client-auth.ts'
import type { DpopBinding } from '../authentication/dpop.ts'
import { ExchangeError } from '../exchange-error.ts'
import { type FailedAttempt, failed, type IssuedToken, readTokenAnswer } from './answer.ts'
import type { Presentation, PresentedWish } from './presentation.ts'
import { readRest } from './rest.ts'

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
    if (!location.ok) return unreached(location.fault.detail, location.fault)
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
      const fault = describeNetworkFault(error)
      return unreached(`${new URL(endpoint).origin} ${fault.detail}`, fault)
    }
    const { status } = response
    const head = { status, requestId: readRequestId(response), restMs: readRest(response, clock.now()) }
    try {
      const text = await readText(response, maxBytes)
      return text === undefined
        ? fail({ error: failed(`it answered with more than ${maxBytes} bytes`, head) })
        : readTokenAnswer(head, text)
    } catch {
      return fail({ error: failed('its answer broke off', { ...head, retryable: true }) })
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

function unreached(detail: string, { code, permanent }: NetworkFault): Result<never, FailedAttempt> {
  const error = failed(detail, { retryable: !permanent, causeCode: code })
  return fail(permanent ? { error } : { error, again: {} })
}

/** Okta's id of the request, which its System Log and the hook's records name; undefined when it is none. */
function readRequestId({ headers }: Response): string | undefined {
  const id = headers.get('x-okta-request-id') ?? ''
  return /^[\w-]{1,128}$/.test(id) ? id : undefined
}
