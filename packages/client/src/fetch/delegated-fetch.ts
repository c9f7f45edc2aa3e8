import {
  assertOptions,
  aWholeNumber,
  inTime,
  late,
  longestTimeoutMs,
  type OptionRules,
  unlessAborted,
} from '@behalf/core/internal'
import type { DpopBinding } from '../authentication/dpop.ts'
import type { DelegatedAccessToken } from '../delegated-access-token.ts'
import { withAssertion } from '../exchange/assertion-source.ts'
import type { TokenAcquisition, TokenRequest } from '../exchange/token-acquisition.ts'
import { ExchangeError } from '../exchange-error.ts'
import { aResource } from '../options/resource.ts'
import type { Settings } from '../options/settings.ts'
import { asksForAnotherToken } from './challenge.ts'
import { type OutgoingRequest, readOutgoingRequest } from './outgoing-request.ts'

/** What the calls of one {@link DelegatedFetch} may do at API B. */
export interface DelegatedFetchOptions {
  /** What API A wants to do at API B. */
  readonly scopes: readonly string[]
  /** The audience of API B. Default: the client's `resource`. */
  readonly resource?: string
  /** How long API B may take to begin its answer, 1 to 2 147 483 647 ms. Default 30 000. */
  readonly answerTimeoutMs?: number
}

/**
 * A `fetch` that calls API B with a delegated token, only at the origins in `allowedOrigins`. It follows no
 * redirect (the answer is handed back as it is), and tries once more with a new token after a 401 that another
 * token may mend, if the body can be sent again: a body that is a stream, or a `Request` with a body, cannot, but
 * the next call gets a new token. A token that has replaced another is not replaced for a minute.
 *
 * It does not judge the answer of API B.
 *
 * @throws ExchangeError - `origin_not_allowed`, and what `acquireToken` throws
 * @throws TypeError - when the request brings an `Authorization` header of its own, its URL is not absolute, or
 * `scopes` is no list of scope tokens
 * @throws what `fetch` throws; a `TimeoutError` when API B does not begin to answer in time
 */
export type DelegatedFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** What {@link createDelegatedFetch} works with. */
export interface DelegatedFetchParts {
  readonly acquisition: TokenAcquisition
  readonly settings: Settings
  readonly dpop: DpopBinding | undefined
  readonly request: Pick<TokenRequest, 'assertion'> & DelegatedFetchOptions
}

const defaultAnswerTimeoutMs = 30_000

const fetchRules: OptionRules<keyof DelegatedFetchOptions> = {
  scopes: { required: true, expected: 'a list of scopes', holds: Array.isArray },
  resource: aResource,
  answerTimeoutMs: aWholeNumber(1, longestTimeoutMs),
}

/**
 * Makes a `fetch` for one assertion.
 *
 * @throws TypeError - when options are missing, unknown or unusable
 */
export function createDelegatedFetch(parts: DelegatedFetchParts): DelegatedFetch {
  const { acquisition, settings } = parts
  const { assertion: source, ...options } = parts.request
  assertOptions('fetch', options, fetchRules)
  const { answerTimeoutMs: _, ...named } = options
  return async (input, init) => {
    const request = readOutgoingRequest(input, init)
    const { origin, username, password } = new URL(request.url)
    // User information would be one more way for two readers to see two hosts.
    if (!settings.allowedOrigins.has(origin) || username !== '' || password !== '')
      throw new ExchangeError('origin_not_allowed')
    const { signal } = request
    const want = (assertion: string) => ({ ...named, ...(signal ? { signal } : {}), assertion })
    const { token, wanted } = await withAssertion(source, {
      signal,
      use: async (assertion) => ({
        token: await acquisition.acquireFor(want(assertion)),
        wanted: want(assertion),
      }),
    })
    let response = await send(request, token, parts)
    if (wantsNonce(response) && request.replayable) {
      await response.body?.cancel()
      response = await send(request, token, parts)
    }
    if (!asksForAnotherToken(response)) return response
    if (!request.replayable) {
      await acquisition.forgetRefused(token, wanted)
      return response
    }
    let other: DelegatedAccessToken | undefined
    try {
      other = await withAssertion(source, {
        signal,
        former: wanted.assertion,
        use: (assertion) =>
          assertion === wanted.assertion
            ? acquisition.replace(token, wanted)
            : acquisition.acquireFor(want(assertion)),
      })
    } catch (error) {
      // Unread, it would keep its connection.
      await response.body?.cancel()
      throw error
    }
    if (other === undefined) return response
    await response.body?.cancel()
    return send(request, other, parts)
  }
}

async function send(
  { url, init, signal }: OutgoingRequest,
  token: DelegatedAccessToken,
  { dpop, settings, request }: DelegatedFetchParts,
): Promise<Response> {
  const { fetch, clock } = settings
  const { accessToken, tokenType } = token
  const limit = { clock, timeoutMs: request.answerTimeoutMs ?? defaultAnswerTimeoutMs }
  const headers = new Headers(init.headers)
  headers.set('authorization', `${tokenType} ${accessToken}`)
  const work = async (tooLate: AbortSignal): Promise<Response> => {
    const ended = signal === undefined ? tooLate : AbortSignal.any([signal, tooLate])
    if (dpop !== undefined) {
      // A signer may be as far away as API B, and knows nothing of the signal.
      const proof = dpop.prove({ method: init.method, url, accessToken })
      headers.set('dpop', await unlessAborted(proof, ended))
    }
    // As a record, because another library's `Headers` are nobody's type.
    const sent = Object.fromEntries(headers)
    return fetch(url, { ...init, headers: sent, redirect: 'manual', signal: ended })
  }
  const answered = await inTime(work, limit)
  if (answered === late) throw new DOMException('API B did not begin to answer in time', 'TimeoutError')
  dpop?.keepNonce(url, answered)
  return answered
}

/** @see https://www.rfc-editor.org/rfc/rfc9449#section-9 */
function wantsNonce({ status, headers }: Response): boolean {
  return (
    status === 401 &&
    headers.has('dpop-nonce') &&
    /\buse_dpop_nonce\b/.test(headers.get('www-authenticate') ?? '')
  )
}
