import { fromNodeRequest, type NodeRequest } from '@behalf/core/internal'
import type { Access } from '../access/access.ts'
import { routeRules } from '../options/option-rules.ts'
import type { RouteOptions } from '../options/verifier-options.ts'
import { VerifiedRequests } from '../request/verified-requests.ts'
import type { Verifier } from '../verifier.ts'
import { assertGuard } from './door.ts'

export type { NodeRequest } from '@behalf/core/internal'

/** What is read of a Fastify request, over HTTP/1.1 or HTTP/2. */
export interface GuardedRequest {
  readonly raw: NodeRequest
  readonly originalUrl: string
}

/** What is called of a Fastify reply. */
export interface GuardedReply {
  code(status: number): GuardedReply
  headers(values: Readonly<Record<string, string>>): GuardedReply
  send(): unknown
}

/** A hook for Fastify 4 and 5, to run at `onRequest`. */
export interface FastifyGuard<A extends Access> {
  (request: GuardedRequest, reply: GuardedReply): Promise<unknown>
  /**
   * What a request that passed this guard may do.
   *
   * @throws Error - when the guard did not run before
   */
  of(request: Pick<GuardedRequest, 'raw'>): A
}

/**
 * Makes a hook that lets a request through only with an acceptable token, and answers it otherwise: an empty
 * 401, 403 or 503, with `WWW-Authenticate` where another token would help: not with a 503, nor with the 403 of
 * `actor_not_allowed` and `actor_chain_too_deep`. Faults of another kind go to Fastify's error handler.
 *
 * @example
 * ```ts
 * import { createVerifier } from '@behalf/verify'
 * import { requireAccess } from '@behalf/verify/fastify'
 * import fastify from 'fastify'
 *
 * const verifier = createVerifier({
 *   issuer: 'https://example.okta.com/oauth2/default',
 *   audience: 'api://orders',
 * })
 * const mayRead = requireAccess(verifier, { requiredScopes: ['orders:read'] })
 *
 * fastify().get('/orders', { onRequest: mayRead }, async (request) => ({
 *   ordersOf: mayRead.of(request).subject,
 * }))
 * ```
 *
 * @throws TypeError - when options are unusable
 */
export function requireAccess<A extends Access>(
  verifier: Verifier<A>,
  options: RouteOptions = {},
): FastifyGuard<A> {
  assertGuard('requireAccess', verifier, options, routeRules)
  const verified = new VerifiedRequests<A>()
  const guard = async (request: GuardedRequest, reply: GuardedReply): Promise<unknown> => {
    const authorization = await verifier.authorize(fromNodeRequest(request.raw, request.originalUrl), options)
    if (authorization.ok) {
      verified.set(request.raw, authorization.access)
      return undefined
    }
    const { status, headers } = authorization.refusal
    return reply.code(status).headers(headers).send()
  }
  return Object.assign(guard, { of: ({ raw }: Pick<GuardedRequest, 'raw'>) => verified.get(raw) })
}
