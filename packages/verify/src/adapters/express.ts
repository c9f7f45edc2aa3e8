import type { IncomingMessage, ServerResponse } from 'node:http'
import { fromNodeRequest } from '@behalf/core/internal'
import type { Access } from '../access/access.ts'
import { routeRules } from '../options/option-rules.ts'
import type { RouteOptions } from '../options/verifier-options.ts'
import { VerifiedRequests } from '../request/verified-requests.ts'
import type { Verifier } from '../verifier.ts'
import { assertGuard } from './door.ts'

/** Middleware for Express 4 and 5, and for anything else that calls `(request, response, next)`. */
export interface ExpressGuard<A extends Access> {
  (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): Promise<void>
  /**
   * What a request that passed this guard may do.
   *
   * @throws Error - when the guard did not run before
   */
  of(request: IncomingMessage): A
}

/**
 * Makes middleware that lets a request through only with an acceptable token, and answers it otherwise: an
 * empty 401, 403 or 503, with `WWW-Authenticate` where another token would help: not with a 503, nor with the
 * 403 of `actor_not_allowed` and `actor_chain_too_deep`. Faults of another kind go to Express's error handler.
 *
 * @example
 * ```ts
 * import { createVerifier } from '@behalf/verify'
 * import { requireAccess } from '@behalf/verify/express'
 * import express from 'express'
 *
 * const verifier = createVerifier({
 *   issuer: 'https://example.okta.com/oauth2/default',
 *   audience: 'api://orders',
 * })
 * const mayRead = requireAccess(verifier, { requiredScopes: ['orders:read'] })
 *
 * express().get('/orders', mayRead, (request, response) => {
 *   response.json({ ordersOf: mayRead.of(request).subject })
 * })
 * ```
 *
 * @throws TypeError - when options are unusable
 */
export function requireAccess<A extends Access>(
  verifier: Verifier<A>,
  options: RouteOptions = {},
): ExpressGuard<A> {
  assertGuard('requireAccess', verifier, options, routeRules)
  const verified = new VerifiedRequests<A>()
  const guard = async (
    request: IncomingMessage,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ): Promise<void> => {
    try {
      const authorization = await verifier.authorize(fromNodeRequest(request, originalUrl(request)), options)
      if (!authorization.ok) {
        const { status, headers } = authorization.refusal
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        response.statusCode = status
        response.end()
        return
      }
      verified.set(request, authorization.access)
    } catch (error) {
      // Express 4 does not look at promises: the request would hang. To both, what is no error means that all is well.
      next(error instanceof Error ? error : new Error('the guard failed', { cause: error }))
      return
    }
    next()
  }
  return Object.assign(guard, { of: (request: IncomingMessage) => verified.get(request) })
}

/** Express takes the mount path off `url`. */
function originalUrl(request: IncomingMessage & { readonly originalUrl?: unknown }): string {
  return typeof request.originalUrl === 'string' ? request.originalUrl : (request.url ?? '')
}
