import type { KoaContextWithOIDC } from 'oidc-provider'
import { isJsonObject } from '../org/json.ts'

/**
 * Names a grant that the app is not configured for as Okta does, with `unauthorized_client`, where the OAuth library has
 * `invalid_request`. The description is that of Okta's own sign-in widget's tests, and of what many have asked about.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export function nameUnauthorizedClient(ctx: KoaContextWithOIDC): void {
  const { client, params } = ctx.oidc
  const body: unknown = ctx.body
  const grantType = params?.['grant_type']
  if (client === undefined || typeof grantType !== 'string' || client.grantTypeAllowed(grantType)) return
  if (!isJsonObject(body) || body['error'] !== 'invalid_request') return
  const configured = client.grantTypes?.join(', ') ?? ''
  ctx.body = {
    error: 'unauthorized_client',
    error_description: `The client is not authorized to use the provided grant type. Configured grant types: [${configured}].`,
  }
}
