import type { App } from '../org/app.ts'
import type { Dated } from '../org/dated.ts'
import type { AppOptions } from './sandbox-options.ts'

/** Builds an app of the org. */
export function createApp(options: AppOptions, dated: Dated): App {
  const { clientId, label = clientId } = options
  const common = { clientId, label, status: 'ACTIVE', document: {}, ...dated } as const
  if (options.type === 'service') {
    const { type, auth, grantTypes = ['client_credentials'], managementScopes = [] } = options
    return {
      ...common,
      type,
      auth,
      redirectUris: [],
      postLogoutRedirectUris: [],
      grantTypes,
      responseTypes: ['token'],
      pkceRequired: false,
      managementScopes,
    }
  }
  const { type, redirectUris, postLogoutRedirectUris = [] } = options
  const auth = options.type === 'web' ? options.auth : ({ method: 'none' } as const)
  return {
    ...common,
    type,
    auth,
    redirectUris,
    postLogoutRedirectUris,
    grantTypes: ['authorization_code', 'refresh_token'],
    responseTypes: ['code'],
    pkceRequired: options.type !== 'web',
    managementScopes: [],
  }
}
