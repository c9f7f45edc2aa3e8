import type { Context } from 'hono'
import type { Client } from '../client.ts'
import { type CallerDelegation, delegateCaller } from './caller/caller-delegation.ts'
import { answerError, type CallerOptions } from './caller/error-answer.ts'

export type { CallerDelegation } from './caller/caller-delegation.ts'
export type { CallerOptions } from './caller/error-answer.ts'

/** A {@link Client} for the handlers of Hono 4. */
export interface HonoDelegation {
  /**
   * Acts for the caller of a request, whose bearer token is the assertion.
   *
   * @throws ExchangeError - `token_missing`, `assertion_malformed`
   */
  onBehalfOf(c: Pick<Context, 'req'>, scopes: readonly string[]): CallerDelegation
  /**
   * For `app.onError`: answers the caller when no delegated token could be had, and all other errors as Hono itself
   * does, because Hono takes no second handler.
   */
  errorHandler(error: Error, c: Pick<Context, 'json' | 'text' | 'newResponse'>): Response
  /** For an `onError` of your own: answers when no delegated token could be had; undefined for all other errors. */
  answerError(error: Error, c: Pick<Context, 'json'>): Response | undefined
}

/**
 * Puts a client behind Hono. It does not verify the caller's token: put your verification in front.
 *
 * @example
 * ```ts
 * import { clientSecretBasic, createClient } from '@behalf/client'
 * import { forHono } from '@behalf/client/hono'
 * import { Hono } from 'hono'
 *
 * const client = createClient({
 *   issuer: 'https://example.okta.com/oauth2/default',
 *   clientId: '0oaApiA',
 *   auth: clientSecretBasic(process.env['CLIENT_SECRET']),
 *   allowedOrigins: ['https://b.example'],
 * })
 * const { onBehalfOf, errorHandler } = forHono(client)
 *
 * const app = new Hono()
 * app.onError(errorHandler)
 * app.get('/orders', (c) => onBehalfOf(c, ['orders:read']).fetch('https://b.example/orders'))
 * ```
 */
export function forHono(client: Client, options: CallerOptions = {}): HonoDelegation {
  const answerIfOurs: HonoDelegation['answerError'] = (error, c) => {
    const answer = answerError(error, options)
    return answer === undefined ? undefined : c.json(answer.body, answer.status, answer.headers)
  }
  return {
    onBehalfOf: (c, scopes) => delegateCaller(client, c.req.header('authorization'), scopes),
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
