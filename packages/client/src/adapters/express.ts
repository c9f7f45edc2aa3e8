import type { IncomingMessage, ServerResponse } from 'node:http'
import { fromNodeRequest } from '@behalf/core/internal'
import type { Client } from '../client.ts'
import { type CallerDelegation, type CallerWish, delegateCallers } from './caller/caller-delegation.ts'
import type { CallerOptions } from './caller/caller-options.ts'
import { answerError } from './caller/error-answer.ts'

export type { CallerDelegation, CallerWish } from './caller/caller-delegation.ts'
export type { CallerOptions, CallerVerification } from './caller/caller-options.ts'
export { CallerRefusedError } from './caller/caller-refused-error.ts'
export type {
  CallerAuthorization,
  CallerRefusal,
  CallerRequest,
  CallerVerifier,
} from './caller/caller-verifier.ts'

/** A {@link Client} for the handlers of Express 4 and 5, or of anything else that calls `(error, request, response, next)`. */
export interface ExpressDelegation {
  /**
   * Acts for the caller of a request, once the verifier has accepted them: their token is the assertion. Nothing is
   * thrown here; `fetch` and `acquireToken` reject.
   *
   * @param wish - the scopes, or `{ scopes, resource }`
   */
  onBehalfOf(request: IncomingMessage, wish: CallerWish): CallerDelegation
  /** Answers the caller when no delegated token could be had; passes all other errors on. */
  errorHandler(
    error: unknown,
    request: IncomingMessage,
    response: ServerResponse,
    next: (error: unknown) => void,
  ): void
}

/**
 * Puts a client behind Express. The caller is verified before Okta is asked for anything: a token that nobody has signed
 * costs no token request.
 *
 * @example
 * ```ts
 * import { clientSecretBasic, createClient } from '@behalf/client'
 * import { forExpress } from '@behalf/client/express'
 * import { createVerifier } from '@behalf/verify'
 * import express from 'express'
 *
 * const client = createClient({
 *   issuer: 'https://example.okta.com/oauth2/behalf',
 *   clientId: '0oaApiA',
 *   auth: clientSecretBasic(process.env['CLIENT_SECRET']),
 *   resource: 'https://orders.example',
 *   allowedOrigins: ['https://b.example'],
 * })
 * const verifier = createVerifier({
 *   issuer: 'https://example.okta.com/oauth2/users',
 *   audience: 'api://a',
 *   accept: ['user'],
 * })
 * const { onBehalfOf, errorHandler } = forExpress(client, { verifier })
 *
 * express()
 *   .get('/orders', async (request, response) => {
 *     const answer = await onBehalfOf(request, ['orders:read']).fetch('https://b.example/orders')
 *     response.json(await answer.json())
 *   })
 *   .use(errorHandler)
 * ```
 *
 * @throws TypeError - when options leave it open who verifies the caller, or are unusable
 */
export function forExpress(client: Client, options: CallerOptions): ExpressDelegation {
  const delegate = delegateCallers('forExpress', client, options)
  return {
    onBehalfOf: (request, wish) => delegate(fromNodeRequest(request, originalUrl(request)), wish),
    // Express knows an error handler by its four parameters.
    errorHandler(error, _request, response, next) {
      const answer = response.headersSent ? undefined : answerError(error, options)
      if (answer === undefined) {
        next(error)
        return
      }
      const { status, headers, body } = answer
      if (body === undefined) response.writeHead(status, headers).end()
      else
        response
          .writeHead(status, { ...headers, 'content-type': 'application/json' })
          .end(JSON.stringify(body))
    },
  }
}

/** Express takes the mount path off `url`. */
function originalUrl(request: IncomingMessage & { readonly originalUrl?: unknown }): string {
  return typeof request.originalUrl === 'string' ? request.originalUrl : (request.url ?? '')
}
