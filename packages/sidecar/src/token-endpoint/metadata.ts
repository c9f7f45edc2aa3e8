import type { Callers } from './callers.ts'
import { tokenExchange } from './exchange-request.ts'

/** Where the metadata is, below an issuer without a path. */
export const metadataPath = '/.well-known/oauth-authorization-server'

/**
 * What clients find out about the token endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-2
 */
export function describeTokenEndpoint(baseUrl: string, callers: Callers): string {
  return JSON.stringify({
    issuer: baseUrl,
    token_endpoint: `${baseUrl}/token`,
    token_endpoint_auth_methods_supported: [authenticationOf(callers)],
    grant_types_supported: [tokenExchange],
    response_types_supported: [],
  })
}

function authenticationOf(callers: Callers): string {
  if (callers === 'loopback') return 'none'
  return callers === 'certificate' ? 'tls_client_auth' : 'client_secret_basic'
}
