import { fromFetchRequest } from '@behalf/core/internal'
import type { Access } from '../access/access.ts'
import { routeRules } from '../options/option-rules.ts'
import type { RouteOptions } from '../options/verifier-options.ts'
import type { Verifier } from '../verifier.ts'
import { assertGuard } from './door.ts'

/** Wraps a handler of the Fetch standard; whatever else the runtime passes goes on to the handler. */
export type FetchGuard<A extends Access> = <Rest extends readonly unknown[]>(
  handler: (request: Request, access: A, ...rest: Rest) => Response | Promise<Response>,
) => (request: Request, ...rest: Rest) => Promise<Response>

/**
 * Makes a guard for `(request) => response` handlers: the handler runs only with an acceptable token; other
 * requests get an empty 401, 403 or 503, with `WWW-Authenticate` where another token would help: not with a
 * 503, nor with the 403 of `actor_not_allowed` and `actor_chain_too_deep`.
 *
 * @example
 * ```ts
 * import { createVerifier } from '@behalf/verify'
 * import { requireAccess } from '@behalf/verify/fetch'
 *
 * const verifier = createVerifier({
 *   issuer: 'https://example.okta.com/oauth2/default',
 *   audience: 'api://orders',
 * })
 * const guard = requireAccess(verifier, { requiredScopes: ['orders:read'] })
 *
 * export default { fetch: guard((_request, access) => Response.json({ ordersOf: access.subject })) }
 * ```
 *
 * @throws TypeError - when options are unusable
 */
export function requireAccess<A extends Access>(
  verifier: Verifier<A>,
  options: RouteOptions = {},
): FetchGuard<A> {
  assertGuard('requireAccess', verifier, options, routeRules)
  return (handler) =>
    async (request, ...rest) => {
      const authorization = await verifier.authorize(fromFetchRequest(request), options)
      if (authorization.ok) return handler(request, authorization.access, ...rest)
      const { status, headers } = authorization.refusal
      return new Response(null, { status, headers })
    }
}
