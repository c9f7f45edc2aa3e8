import { fromFetch, toResponse } from '../http/fetch-call.ts'
import { createAccessCheck } from './access-check.ts'
import { assertVerifyEndpointOptions, type VerifyEndpointOptions } from './options.ts'

/**
 * Makes an endpoint that a proxy asks whether a request may pass, as a handler of the Fetch standard: 200 with every
 * header `x-behalf-*` (empty where there is no value), or the verifier's 401, 403 or 503 with its challenge. A request
 * that brings such a header itself is refused. The proxy must put the headers of the answer into the request that it
 * hands on, all of them, as in the configurations of docs/sidecar.md, and let nobody reach the API but through it.
 *
 * Envoy says in the path which request it asks about, and `Request` does away with dots in paths, so behind Envoy every
 * request is refused here; `startSidecar` sees paths as they are sent.
 *
 * @example
 * ```ts
 * import { createVerifyEndpoint } from '@behalf/sidecar'
 * import { createVerifier } from '@behalf/verify'
 *
 * const verify = createVerifyEndpoint({
 *   verifier: createVerifier({
 *     issuer: 'https://example.okta.com/oauth2/behalf',
 *     audience: 'https://orders.example',
 *   }),
 *   proxy: 'nginx',
 *   routes: [
 *     { path: '/orders/**', methods: ['GET'], requiredScopes: ['orders:read'] },
 *     { path: '/orders/**', methods: ['POST'], requiredScopes: ['orders:write'], allowedActors: ['0oaApiA'] },
 *   ],
 * })
 * export default { fetch: verify }
 * ```
 *
 * @throws TypeError - when options are missing, unknown or unusable; it names all of them
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export function createVerifyEndpoint(
  options: VerifyEndpointOptions,
): (request: Request) => Promise<Response> {
  assertVerifyEndpointOptions(options)
  const check = createAccessCheck(options)
  return async (request) => toResponse(await check(fromFetch(request)))
}
