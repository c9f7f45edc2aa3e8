import { fromFetchRequest } from '@behalf/core/internal'
import type { MiddlewareHandler } from 'hono'
import type { Access } from '../access/access.ts'
import { routeRules } from '../options/option-rules.ts'
import type { RouteOptions } from '../options/verifier-options.ts'
import type { Verifier } from '../verifier.ts'
import { assertGuard } from './door.ts'

/** What the middleware leaves in Hono's context: `c.var.access`. */
export interface AccessVariables<A extends Access> {
  readonly Variables: { readonly access: A }
}

/**
 * Makes middleware for Hono 4 that lets a request through only with an acceptable token, and answers it
 * otherwise: an empty 401, 403 or 503, with `WWW-Authenticate` where another token would help: not with a 503,
 * nor with the 403 of `actor_not_allowed` and `actor_chain_too_deep`. Handlers find the access in `c.var.access`.
 *
 * @example
 * ```ts
 * import { createVerifier } from '@behalf/verify'
 * import { requireAccess } from '@behalf/verify/hono'
 * import { Hono } from 'hono'
 *
 * const verifier = createVerifier({
 *   issuer: 'https://example.okta.com/oauth2/default',
 *   audience: 'api://orders',
 * })
 *
 * new Hono().get('/orders', requireAccess(verifier, { requiredScopes: ['orders:read'] }), (c) =>
 *   c.json({ ordersOf: c.var.access.subject }),
 * )
 * ```
 *
 * @throws TypeError - when options are unusable
 */
export function requireAccess<A extends Access>(
  verifier: Verifier<A>,
  options: RouteOptions = {},
): MiddlewareHandler<AccessVariables<A>> {
  assertGuard('requireAccess', verifier, options, routeRules)
  return async (c, next) => {
    const authorization = await verifier.authorize(fromFetchRequest(c.req.raw), options)
    if (!authorization.ok) {
      const { status, headers } = authorization.refusal
      return c.body(null, status, headers)
    }
    c.set('access', authorization.access)
    await next()
    return undefined
  }
}
