import type { AdapterPayload } from 'oidc-provider'
import type { App } from '../org/app.ts'

/** Returns an app as OAuth client metadata; `undefined` when it is not active, so that it cannot authenticate. */
export function clientMetadata(app: App | undefined): AdapterPayload | undefined {
  if (app?.status !== 'ACTIVE') return undefined
  const { clientId, label, type, auth, redirectUris, postLogoutRedirectUris, grantTypes } = app
  return {
    client_id: clientId,
    client_name: label,
    application_type: type === 'native' ? 'native' : 'web',
    token_endpoint_auth_method: auth.method,
    grant_types: [...grantTypes],
    response_types: grantTypes.includes('authorization_code') ? ['code'] : [],
    redirect_uris: [...redirectUris],
    post_logout_redirect_uris: [...postLogoutRedirectUris],
    ...('clientSecret' in auth ? { client_secret: auth.clientSecret } : {}),
    ...('keys' in auth ? { jwks: { keys: [...auth.keys] } } : {}),
  }
}
