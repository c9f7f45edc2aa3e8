import type { FastifyRequest } from 'fastify'
import type { Client } from '../client.ts'
import { type CallerDelegation, delegateCaller } from './caller/caller-delegation.ts'
import { answerError, type CallerOptions } from './caller/error-answer.ts'

export type { CallerDelegation } from './caller/caller-delegation.ts'
export type { CallerOptions } from './caller/error-answer.ts'

/** What is called of a Fastify reply, over HTTP/1.1 or HTTP/2. */
export interface ErrorReply {
  code(status: number): ErrorReply
  headers(values: Readonly<Record<string, string>>): ErrorReply
  send(payload: unknown): unknown
}

/** A {@link Client} for the handlers of Fastify 5. */
export interface FastifyDelegation {
  /**
   * Acts for the caller of a request, whose bearer token is the assertion.
   *
   * @throws ExchangeError - `token_missing`, `assertion_malformed`
   */
  onBehalfOf(request: Pick<FastifyRequest, 'headers'>, scopes: readonly string[]): CallerDelegation
  /** Answers the caller when no delegated token could be had; leaves all other errors to Fastify. */
  errorHandler(error: unknown, request: unknown, reply: ErrorReply): unknown
}

/**
 * Puts a client behind Fastify. It does not verify the caller's token: put your verification in front.
 *
 * @example
 * ```ts
 * import { clientSecretBasic, createClient } from '@behalf/client'
 * import { forFastify } from '@behalf/client/fastify'
 * import fastify from 'fastify'
 *
 * const client = createClient({
 *   issuer: 'https://example.okta.com/oauth2/default',
 *   clientId: '0oaApiA',
 *   auth: clientSecretBasic(process.env['CLIENT_SECRET']),
 *   allowedOrigins: ['https://b.example'],
 * })
 * const { onBehalfOf, errorHandler } = forFastify(client)
 *
 * const app = fastify()
 * app.setErrorHandler(errorHandler)
 * app.get('/orders', async (request) => {
 *   const answer = await onBehalfOf(request, ['orders:read']).fetch('https://b.example/orders')
 *   return answer.json()
 * })
 * ```
 */
export function forFastify(client: Client, options: CallerOptions = {}): FastifyDelegation {
  return {
    onBehalfOf: (request, scopes) => delegateCaller(client, request.headers.authorization, scopes),
    errorHandler(error, _request, reply) {
      const answer = answerError(error, options)
      return answer === undefined
        ? reply.send(error)
        : reply.code(answer.status).headers(answer.headers).send(answer.body)
    },
  }
}
