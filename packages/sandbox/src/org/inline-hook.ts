import type { Dated } from './dated.ts'

/** The type of hooks that may change tokens; the org keeps hooks of other types, and calls none of them. */
export const tokenHookType = 'com.okta.oauth2.tokens.transform'

/** An inline hook, as registered with the org. */
export interface InlineHook extends Dated {
  readonly id: string
  readonly name: string
  readonly type: string
  /** The version of the hook's contract that administrators wrote. */
  readonly version: string
  /** Only an active hook is called; a rule whose hook is not active mints tokens as if it had none. */
  readonly status: 'ACTIVE' | 'INACTIVE'
  /** Where it is called: a URL of at most 1024 characters. */
  readonly uri: string
  readonly auth: HookAuth
  /** Static headers of every call. */
  readonly headers: Readonly<Record<string, string>>
}

/** How Okta proves to a hook that it is Okta. */
export type HookAuth = { readonly type: 'none' } | HeaderAuth | OAuthHookAuth

/** A fixed secret in a header: its value is sent verbatim, no scheme is added. */
export interface HeaderAuth {
  readonly type: 'header'
  readonly header: string
  readonly secret: string
}

/** A bearer token that an authorization server of the hook's owner issues to Okta. */
export type OAuthHookAuth = {
  readonly clientId: string
  readonly tokenUrl: string
  readonly scope: string
} & (
  | { readonly type: 'client_secret_post'; readonly clientSecret: string }
  /** Signed with one of the org's hook keys. */
  | { readonly type: 'private_key_jwt'; readonly hookKeyId: string }
)
