import { fromFetch, toResponse } from '../http/fetch-call.ts'
import { resolveTokenEndpointOptions, type TokenEndpointOptions } from './options.ts'
import { createTokenExchange } from './token-exchange.ts'

/**
 * Makes a token endpoint that exchanges a user's access token for a delegated one (RFC 8693), as a handler of the Fetch
 * standard. The subject token is verified before anything else is done with it; cache, single flight, sealing and the
 * codes of denials are the client's. It does not know which network a request came through: with `callers: 'loopback'` its
 * server must listen on loopback alone, as `startSidecar` sees to.
 *
 * @example
 * ```ts
 * import { clientSecretBasic, createClient } from '@behalf/client'
 * import { createTokenEndpoint } from '@behalf/sidecar'
 * import { createVerifier } from '@behalf/verify'
 *
 * const exchange = createTokenEndpoint({
 *   verifier: createVerifier({
 *     issuer: 'https://example.okta.com/oauth2/users',
 *     audience: 'api://a',
 *     accept: ['user'],
 *   }),
 *   client: createClient({
 *     issuer: 'https://example.okta.com/oauth2/behalf',
 *     clientId: '0oaApiA',
 *     auth: clientSecretBasic(process.env['CLIENT_SECRET']),
 *   }),
 *   targets: { 'https://orders.example': { scopes: ['orders:read'] } },
 *   callers: 'loopback',
 * })
 * export default { fetch: exchange }
 * ```
 *
 * @throws TypeError - when options are missing, unknown or unusable; it names all of them
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-2
 */
export function createTokenEndpoint(options: TokenEndpointOptions): (request: Request) => Promise<Response> {
  const exchange = createTokenExchange(resolveTokenEndpointOptions(options, false))
  return async (request) => toResponse(await exchange(fromFetch(request)))
}
