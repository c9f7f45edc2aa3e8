import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Client } from '../client.ts'
import { type CallerDelegation, delegateCaller } from './caller/caller-delegation.ts'
import { answerError, type CallerOptions } from './caller/error-answer.ts'

export type { CallerDelegation } from './caller/caller-delegation.ts'
export type { CallerOptions } from './caller/error-answer.ts'

/** A {@link Client} for the handlers of Express 5, or of anything else that calls `(error, request, response, next)`. */
export interface ExpressDelegation {
  /**
   * Acts for the caller of a request, whose bearer token is the assertion.
   *
   * @throws ExchangeError - `token_missing`, `assertion_malformed`
   */
  onBehalfOf(request: IncomingMessage, scopes: readonly string[]): CallerDelegation
  /** Answers the caller when no delegated token could be had; passes all other errors on. */
  errorHandler(
    error: unknown,
    request: IncomingMessage,
    response: ServerResponse,
    next: (error: unknown) => void,
  ): void
}

/**
 * Puts a client behind Express. It does not verify the caller's token: put your verification in front.
 *
 * @example
 * ```ts
 * import { clientSecretBasic, createClient } from '@behalf/client'
 * import { forExpress } from '@behalf/client/express'
 * import express from 'express'
 *
 * const client = createClient({
 *   issuer: 'https://example.okta.com/oauth2/default',
 *   clientId: '0oaApiA',
 *   auth: clientSecretBasic(process.env['CLIENT_SECRET']),
 *   allowedOrigins: ['https://b.example'],
 * })
 * const { onBehalfOf, errorHandler } = forExpress(client)
 *
 * express()
 *   .get('/orders', async (request, response) => {
 *     const answer = await onBehalfOf(request, ['orders:read']).fetch('https://b.example/orders')
 *     response.json(await answer.json())
 *   })
 *   .use(errorHandler)
 * ```
 */
export function forExpress(client: Client, options: CallerOptions = {}): ExpressDelegation {
  return {
    onBehalfOf: (request, scopes) => delegateCaller(client, request.headers.authorization, scopes),
    // Express knows an error handler by its four parameters.
    errorHandler(error, _request, response, next) {
      const answer = response.headersSent ? undefined : answerError(error, options)
      if (answer === undefined) {
        next(error)
        return
      }
      response.writeHead(answer.status, { ...answer.headers, 'content-type': 'application/json' })
      response.end(JSON.stringify(answer.body))
    },
  }
}
