import { fromFetchRequest } from '@behalf/core/internal'
import type { Context } from 'hono'
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

/** A {@link Client} for the handlers of Hono 4. */
export interface HonoDelegation {
  /**
   * Acts for the caller of a request, once the verifier has accepted them: their token is the assertion. Nothing is
   * thrown here; `fetch` and `acquireToken` reject.
   *
   * @param wish - the scopes, or `{ scopes, resource }`
   */
  onBehalfOf(c: Pick<Context, 'req'>, wish: CallerWish): CallerDelegation
  /**
   * For `app.onError`: answers the caller when no delegated token could be had, and all other errors as Hono itself
   * does, because Hono takes no second handler.
   */
  errorHandler(error: Error, c: Pick<Context, 'text' | 'newResponse'>): Response
  /** For an `onError` of your own: answers when no delegated token could be had; undefined for all other errors. */
  answerError(error: Error, c: Pick<Context, 'newResponse'>): Response | undefined
}

/**
 * Puts a client behind Hono. The caller is verified before Okta is asked for anything: a token that nobody has signed
 * costs no token request.
 *
 * @example
 * ```ts
 * import { clientSecretBasic, createClient } from '@behalf/client'
 * import { forHono } from '@behalf/client/hono'
 * import { createVerifier } from '@behalf/verify'
 * import { Hono } from 'hono'
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
 * const { onBehalfOf, errorHandler } = forHono(client, { verifier })
 *
 * const app = new Hono()
 * app.onError(errorHandler)
 * app.get('/orders', (c) => onBehalfOf(c, ['orders:read']).fetch('https://b.example/orders'))
 * ```
 *
 * @throws TypeError - when options leave it open who verifies the caller, or are unusable
 */
export function forHono(client: Client, options: CallerOptions): HonoDelegation {
  const delegate = delegateCallers('forHono', client, options)
  const answerIfOurs: HonoDelegation['answerError'] = (error, c) => {
    const answer = answerError(error, options)
    if (answer === undefined) return undefined
    const { status, headers, body } = answer
    const response =
      body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers })
    return c.newResponse(response.body, response)
  }
  return {
    onBehalfOf: (c, wish) => delegate(fromFetchRequest(c.req.raw), wish),
    errorHandler: (error, c) => answerIfOurs(error, c) ?? answerAsHono(error, c),
    answerError: answerIfOurs,
  }
}

/** What Hono does without a handler: errors that know their answer, such as `HTTPException`, give it. */
function answerAsHono(error: Error, c: Pick<Context, 'text' | 'newResponse'>): Response {
  if (hasResponse(error)) {
    const response = error.getResponse()
    return c.newResponse(response.body, response)
  }
  console.error(error)
  return c.text('Internal Server Error', 500)
}

function hasResponse(error: Error): error is Error & { getResponse(): Response } {
  return 'getResponse' in error && typeof error.getResponse === 'function'
}
