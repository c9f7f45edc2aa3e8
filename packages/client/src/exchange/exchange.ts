import { asOperation, pass } from '@behalf/core/internal'
import type { DpopBinding } from '../authentication/dpop.ts'
import type { TokenCandidate } from '../delegated-access-token.ts'
import { ExchangeError } from '../exchange-error.ts'
import type { Settings } from '../options/settings.ts'
import { configuredKey, publishedKey } from '../sealing/key-source.ts'
import { sealed } from '../sealing/sealed.ts'
import { exchangeOperation } from '../telemetry/exchange-operation.ts'
import { createTokenEndpointLocation } from '../token-endpoint/location.ts'
import { bare, type Presentation } from '../token-endpoint/presentation.ts'
import { leaveAlone } from '../token-endpoint/rest.ts'
import { exchangeWithRetries } from '../token-endpoint/retry.ts'
import { createTokenRequest } from '../token-endpoint/token-request.ts'
import { acceptToken, type TokenExpectations } from './accept-token.ts'
import type { PresentedAssertion } from './presented-assertion.ts'
import type { AcceptedToken } from './token-life.ts'

/** An assertion that passed its checks, and what it is to be exchanged for. */
export interface ExchangeRequest {
  readonly assertion: string
  readonly presented: PresentedAssertion
  readonly scopes: readonly string[]
  readonly resource: string | undefined
}

/** The exchange with the authorization server; nothing in it knows of caches. */
export interface Exchange {
  /** @throws ExchangeError */
  perform(request: ExchangeRequest, signal: AbortSignal): Promise<AcceptedToken>
  /**
   * Judges a token from a store as the answer to a request.
   *
   * @throws ExchangeError
   */
  acceptStored(candidate: TokenCandidate, request: ExchangeRequest): AcceptedToken
}

/** Sets the exchange up; requests nothing yet. */
export function createExchange(settings: Settings, dpop: DpopBinding | undefined): Exchange {
  const { issuer, clientId, subject, clock, tokenEndpoint, telemetry } = settings
  const locate =
    tokenEndpoint === undefined ? createTokenEndpointLocation(settings) : async () => pass(tokenEndpoint)
  const requestToken = leaveAlone(
    createTokenRequest({
      ...settings,
      dpop,
      locate,
      presentation: presentationOf(settings),
    }),
    clock,
  )
  const nowSeconds = (): number => Math.floor(clock.now() / 1000)

  const accept = (
    candidate: TokenCandidate,
    { presented, resource }: ExchangeRequest,
    judged: Pick<TokenExpectations, 'scopes' | 'isNew' | 'nowSeconds' | 'requestId'>,
  ): AcceptedToken =>
    acceptToken(candidate, {
      issuer,
      clientId,
      subject,
      assertion: presented,
      resource,
      dpopThumbprint: dpop?.thumbprint,
      ...judged,
    })

  const perform = async (request: ExchangeRequest, signal: AbortSignal): Promise<AcceptedToken> => {
    const askedAt = nowSeconds()
    const attempt = (ended: AbortSignal) => requestToken(request, ended)
    const { expiresInSeconds, requestId, ...token } = await exchangeWithRetries(attempt, {
      ...settings,
      signal,
    })
    const expiresAt = expiresInSeconds === undefined ? undefined : askedAt + Math.floor(expiresInSeconds)
    const judged = { scopes: undefined, isNew: true, nowSeconds: askedAt, requestId }
    const accepted = accept({ ...token, expiresAt }, request, judged)
    if (accepted.token.expiresAt <= nowSeconds()) throw new ExchangeError('token_expired', { requestId })
    return accepted
  }
  const operation = exchangeOperation(clientId)

  return {
    // Which scopes the server grants to those who ask for none, nothing here says.
    acceptStored: (candidate, request) =>
      accept(candidate, request, {
        scopes: request.scopes.length === 0 ? undefined : request.scopes,
        isNew: false,
        nowSeconds: nowSeconds(),
        requestId: undefined,
      }),
    perform: (request, signal) => asOperation(telemetry, operation, () => perform(request, signal)),
  }
}

function presentationOf(settings: Settings): Presentation {
  const { seal, warn } = settings
  if (seal === undefined) return bare(warn)
  const keys = 'key' in seal ? configuredKey(seal.key) : publishedKey({ ...settings, ...seal })
  return sealed(keys, settings)
}
