import type { JsonObject } from '@behalf/core'

/** How Okta authenticates to the hook. Secrets are absent when they are not known, or to be generated. */
export type HookAuthentication =
  | { readonly kind: 'header'; readonly header: string; readonly secret: string | undefined }
  | {
      readonly kind: 'client_secret_post'
      readonly clientId: string
      readonly clientSecret: string | undefined
      readonly tokenUrl: string
      readonly scope: string
    }
  | {
      readonly kind: 'private_key_jwt'
      readonly clientId: string
      readonly tokenUrl: string
      readonly scope: string
    }

/** What an org is brought to. */
export interface WantedState {
  readonly serverId: string
  readonly hook: {
    readonly name: string
    readonly uri: string
    readonly authentication: HookAuthentication
    /** Whether the secret that is registered is replaced although nothing else differs. */
    readonly replaceSecret: boolean
  }
  /** Which rule calls the hook; what is absent must be the only one that serves client_credentials. */
  readonly rule: { readonly policy: string | undefined; readonly name: string | undefined }
  /** Scopes that must be there. */
  readonly scopes: readonly string[]
  /** A service app that must be there. */
  readonly app?: {
    readonly label: string
    readonly authentication: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'
    /** For `private_key_jwt`: the public key. */
    readonly publicJwk?: JsonObject
  }
}

/** What tells apart what provisioning made from what administrators made themselves. */
export const provisioningMark = 'Created by behalf provision'

/** The name of the key with which Okta authenticates for a hook. */
export function hookKeyName(hookName: string): string {
  return `${hookName} key`
}
