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

/** Which rule calls the hook. */
export type WantedRule =
  /** One that is there; what is absent must be the only one that serves client_credentials. */
  | { readonly kind: 'present'; readonly policy: string | undefined; readonly name: string | undefined }
  /** One of API A's own, in a policy of its own that is tried before all others. */
  | { readonly kind: 'own'; readonly policy: string; readonly lifetimeMinutes: number }

/** The event hook by which Okta tells of users who are to be stopped. */
export interface WantedEventHook {
  readonly uri: string
  readonly header: string
  readonly secret: string
  readonly types: readonly string[]
  /** Whether the secret that is registered is replaced although nothing else differs. */
  readonly replaceSecret: boolean
}

/** What an org is brought to. */
export interface WantedState {
  readonly serverId: string
  /** The audience that the server must have, when the hook has resources. */
  readonly placeholder?: string
  /** Whether a hook of the name that somebody else has made is taken over. */
  readonly adopt: boolean
  readonly hook: {
    /** It names the installation, too. */
    readonly name: string
    readonly uri: string
    readonly authentication: HookAuthentication
    /** Whether the secret that is registered is replaced although nothing else differs. */
    readonly replaceSecret: boolean
  }
  readonly eventHook?: WantedEventHook
  readonly rule: WantedRule
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
