import type { JsonObject } from './json.ts'

/** A public key of an app, as a JWK. */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kty: string }

/** How an app authenticates at the token endpoint. */
export type AppAuth =
  | { readonly method: 'none' }
  | { readonly method: 'client_secret_basic' | 'client_secret_post'; readonly clientSecret: string }
  | { readonly method: 'private_key_jwt'; readonly keys: readonly PublicJwk[] }

/** A client of the org's authorization servers. */
export interface App {
  readonly clientId: string
  readonly label: string
  /** `spa`: public, authorization code with PKCE; `service`: confidential, client credentials. */
  readonly type: 'spa' | 'service'
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly auth: AppAuth
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
  /** What the org's administrators allowed it, like `authorization_code`. */
  readonly grantTypes: readonly string[]
  /** What it may do with the management API, like `okta.inlineHooks.manage`. */
  readonly managementScopes: readonly string[]
  /** Whatever administrators keep with it. */
  readonly profile?: JsonObject
}
