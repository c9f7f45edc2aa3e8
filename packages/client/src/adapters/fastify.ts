import { fromNodeRequest, type NodeRequest } from '@behalf/core/internal'
import type { Client } from '../client.ts'
import { type CallerDelegation, type CallerWish, delegateCallers } from './caller/caller-delegation.ts'
import type { CallerOptions } from './caller/caller-options.ts'
import { answerError } from './caller/error-answer.ts'

export type { NodeRequest } from '@behalf/core/internal'
export type { CallerDelegation, CallerWish } from './caller/caller-delegation.ts'
export type { CallerOptions, CallerVerification } from './caller/caller-options.ts'
export { CallerRefusedError } from './caller/caller-refused-error.ts'
export type {
  CallerAuthorization,
  CallerRefusal,
  CallerRequest,
  CallerVerifier,
} from './caller/caller-verifier.ts'

/** What is read of a Fastify request, over HTTP/1.1 or HTTP/2. */
export interface CallingRequest {
  readonly raw: NodeRequest
  readonly originalUrl: string
}

/** What is called of a Fastify reply, over HTTP/1.1 or HTTP/2. */
export interface ErrorReply {
  code(status: number): ErrorReply
  headers(values: Readonly<Record<string, string>>): ErrorReply
  send(payload: unknown): unknown
}

/** A {@link Client} for the handlers of Fastify 4 and 5. */
export interface FastifyDelegation {
  /**
   * Acts for the caller of a request, once the verifier has accepted them: their token is the assertion. Nothing is
   * thrown here; `fetch` and `acquireToken` reject.
   *
   * @param wish - the scopes, or `{ scopes, resource }`
   */
  onBehalfOf(request: CallingRequest, wish: CallerWish): CallerDelegation
  /** Answers the caller when no delegated token could be had; leaves all other errors to Fastify. */
  errorHandler(error: unknown, request: unknown, reply: ErrorReply): unknown
}

/**
 * Puts a client behind Fastify. The caller is verified before Okta is asked for anything: a token that nobody has signed
 * costs no token request.
 *
 * @example
 * ```ts
 * import { clientSecretBasic, createClient } from '@behalf/client'
 * import { forFastify } from '@behalf/client/fastify'
 * import { createVerifier } from '@behalf/verify'
 * import fastify from 'fastify'
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
 * const { onBehalfOf, errorHandler } = forFastify(client, { verifier })
 *
 * const app = fastify()
 * app.setErrorHandler(errorHandler)
 * app.get('/orders', async (request) => {
 *   const answer = await onBehalfOf(request, ['orders:read']).fetch('https://b.example/orders')
 *   return answer.json()
 * })
 * ```
 *
 * @throws TypeError - when options leave it open who verifies the caller, or are unusable
 */
export function forFastify(client: Client, options: CallerOptions): FastifyDelegation {
  const delegate = delegateCallers('forFastify', client, options)
  return {
    onBehalfOf: ({ raw, originalUrl }, wish) => delegate(fromNodeRequest(raw, originalUrl), wish),
    errorHandler(error, _request, reply) {
      const answer = answerError(error, options)
      return answer === undefined
        ? reply.send(error)
        : reply.code(answer.status).headers(answer.headers).send(answer.body)
    },
  }
}
