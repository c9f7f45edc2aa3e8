import type { Dated } from './dated.ts'
import type { JsonObject } from './json.ts'

/** A public key of an app, as a JWK. */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kty: string }

/** How an app authenticates at the token endpoint. */
export type AppAuth =
  | { readonly method: 'none' }
  | { readonly method: 'client_secret_basic' | 'client_secret_post'; readonly clientSecret: string }
  | { readonly method: 'private_key_jwt'; readonly keys: readonly PublicJwk[] }

/**
 * What an app is: a page that runs in the browser, a program with a server, one on a device, or one that acts
 * for itself.
 */
export type AppType = 'spa' | 'web' | 'native' | 'service'

/** A client of the org's authorization servers. */
export interface App extends Dated {
  readonly clientId: string
  readonly label: string
  readonly type: AppType
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly auth: AppAuth
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
  /** What the org's administrators allowed it, like `authorization_code`. */
  readonly grantTypes: readonly string[]
  readonly responseTypes: readonly string[]
  /** Whether it must prove with PKCE that it began what it ends. */
  readonly pkceRequired: boolean
  /** What it may do with the management API, like `okta.inlineHooks.manage`. */
  readonly managementScopes: readonly string[]
  /** Whatever else administrators wrote: it is kept and given back. */
  readonly document: JsonObject
}
