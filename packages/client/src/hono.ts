import type { Context } from 'hono'
import { type CallerDelegation, delegateCaller } from './caller/caller-delegation.ts'
import { answerError, type CallerOptions } from './caller/error-answer.ts'
import type { Client } from './client.ts'

/** A {@link Client} for the handlers of Hono 4. */
export interface HonoDelegation {
  /**
   * Acts for the caller of a request, whose bearer token is the assertion.
   *
   * @throws BehalfError - `token_missing`, `assertion_malformed`
   */
  onBehalfOf(c: Pick<Context, 'req'>, scopes: readonly string[]): CallerDelegation
  /** Answers the caller when no delegated token could be had; throws all other errors on. */
  errorHandler(error: Error, c: Pick<Context, 'json'>): Response
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
  return {
    onBehalfOf: (c, scopes) => delegateCaller(client, c.req.header('authorization'), scopes),
    errorHandler(error, c) {
      const answer = answerError(error, options)
      if (answer === undefined) throw error
      return c.json(answer.body, answer.status, answer.headers)
    },
  }
}
