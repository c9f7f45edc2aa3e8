import type { ExchangeWish } from '../exchanges/exchange-wish.ts'
import type { ServedRequest } from '../http/served-request.ts'
import type { PolicyClients } from '../org/access-policy.ts'
import type { AppAuth } from '../org/app.ts'
import type { ResourceParameters } from '../org/authorization-server.ts'
import type { Clock } from '../org/clock.ts'
import type { OAuthHookAuth } from '../org/inline-hook.ts'
import type { Json } from '../org/json.ts'
import type { OktaFacts } from '../org/okta-facts.ts'
import type { OrgState } from '../org/org-state.ts'
import type { PrivateJwk } from '../org/signing-key.ts'
import type { CertificateAuthority } from '../tls/authority.ts'

/**
 * What a local org is made of; every part has a default, see `defaultOrg`.
 *
 * The model is Okta's: apps, users and inline hooks belong to the org; an authorization server has access
 * policies, a policy has rules, and a rule may name one inline hook.
 */
export interface SandboxOptions {
  /** TCP port. Default 0: any free one. */
  readonly port?: number
  /** Address to listen on. Default `127.0.0.1`; any but one of loopback opens the org to others. */
  readonly host?: string
  /**
   * Where the org is for everybody else, when that is not where it listens: an origin such as
   * `http://okta.localhost:8090` or `http://sandbox:8090`. Default: where it listens.
   */
  readonly baseUrl?: string
  /**
   * Speaks TLS, with certificates for its own host, the loopback and whatever below `.localhost` is asked for.
   * Default: plain http.
   */
  readonly tls?: TlsOptions
  /** Default: `users`, where people sign in, and `behalf`, which issues delegated tokens. */
  readonly authorizationServers?: readonly AuthorizationServerOptions[]
  /** Default: one user. */
  readonly users?: readonly UserOptions[]
  /** Default: none but `Everyone` and those that users name. */
  readonly groups?: readonly GroupOptions[]
  /** Default: a single-page app and two services. */
  readonly apps?: readonly AppOptions[]
  /** Default: none. */
  readonly inlineHooks?: readonly InlineHookOptions[]
  /** Keys for hooks that ask for `private_key_jwt`. Default: none. */
  readonly hookKeys?: readonly HookKeyOptions[]
  /**
   * Short for the usual case: registers one hook and attaches it to every rule that serves
   * `client_credentials` and names no hook itself.
   */
  readonly hook?: HookOptions
  /** What the management API takes as `Authorization: SSWS <token>`. Default: `defaultApiToken`. */
  readonly apiTokens?: readonly string[]
  /** What an org was made of when it was exported; it replaces all of the above but port, host and tokens. */
  readonly state?: OrgState
  /**
   * Origins whose pages may call the org from browsers, besides those of its apps' redirect URIs.
   * Default: none.
   */
  readonly trustedOrigins?: readonly string[]
  /** How many requests a minute are answered before 429 is. Default: as many as come. */
  readonly rateLimits?: RateLimits
  /**
   * How Okta behaves where its documentation leaves it open, as `behalf probe` has found out; `parseFacts` reads its file.
   * Default: as docs/okta-fidelity.md says.
   */
  readonly facts?: OktaFacts
  /** How long a hook may take, connection and body included, in milliseconds. Default 3000, as at Okta. */
  readonly hookTimeoutMs?: number
  /** Default: the machine's clock. Client assertions are judged by the machine's clock in any case. */
  readonly clock?: Clock
  /** Is told of every request once it was answered. Default: nobody is. */
  readonly onRequest?: (served: ServedRequest) => void
  /**
   * Performs an exchange that somebody asks for on the page at `/`, and says whether it has; what it has not, and by
   * default everything, the org performs: the client presents the user's token, sealed where the hook publishes a key.
   */
  readonly exchange?: (wish: ExchangeWish) => Promise<boolean>
  /** Calls the hooks. Default: the global `fetch`. */
  readonly fetch?: typeof fetch
}

/** How the org speaks TLS. */
export interface TlsOptions {
  /** Who signs its certificates; clients must trust it. Default: a new one, see `caCertificate` of the sandbox. */
  readonly authority?: CertificateAuthority
}

/** Requests a minute, by the org's clock. */
export interface RateLimits {
  /** To the token endpoint of each authorization server. Default: no limit. */
  readonly token?: number
  /** To the management API. Default: no limit. */
  readonly management?: number
}

/** A custom authorization server. */
export interface AuthorizationServerOptions {
  /** The path segment of its issuer, `<url>/oauth2/<id>`: letters, digits, `-` and `_`. */
  readonly id: string
  /** Default: the id. */
  readonly name?: string
  /** The `aud` of its access tokens. Default `api://<id>`. */
  readonly audience?: string
  /** Its own scopes, besides `openid` and the other standard ones; default ones serve requests without scope. */
  readonly scopes?: readonly (string | { readonly name: string; readonly default?: boolean })[]
  /**
   * User attributes to copy into the access tokens of users, by name; `groups` stands for the names of their
   * groups. Default none.
   */
  readonly accessTokenClaims?: readonly string[]
  /** Further claims of tokens of users. Default none. */
  readonly claims?: readonly ClaimOptions[]
  /** Default: one policy for all clients, with a rule for people and a rule for machines. */
  readonly policies?: readonly PolicyOptions[]
  /**
   * What it does when a token request names a `resource` or an `audience`: not look at it, answer with an error,
   * or put it into `aud`. Default `ignored`; what real orgs do is documented nowhere.
   */
  readonly resourceParameters?: ResourceParameters
  /** The ids of servers whose tokens it takes in Okta's own token exchange, besides its own. Default: none. */
  readonly trustedServers?: readonly string[]
  /** The private RSA key that it signs with first. Default: a new one. */
  readonly signingKey?: PrivateJwk
}

/** A claim that an authorization server adds to tokens of users. */
export interface ClaimOptions {
  readonly name: string
  /** Default `access`. */
  readonly token?: 'access' | 'id'
  /** Only for tokens with one of these scopes. Default: for all. */
  readonly scopes?: readonly string[]
  /**
   * In Okta's language, like `user.department` or `String.substringBefore(user.email, "@")`; what of it the sandbox does
   * not evaluate is refused.
   * @see https://developer.okta.com/docs/reference/okta-expression-language/
   */
  readonly expression?: string
  /** Instead of an expression: the names of the user's groups that match this regular expression as a whole. */
  readonly groups?: string
}

/** An access policy, tried in the order of the list. */
export interface PolicyOptions {
  /** Default: a new id. */
  readonly id?: string
  readonly name: string
  /** Default `ALL_CLIENTS`. */
  readonly clients?: PolicyClients
  readonly rules: readonly RuleOptions[]
}

/** A rule of a policy, tried in the order of the list; the first that matches decides. */
export interface RuleOptions {
  /** Default: a new id. */
  readonly id?: string
  readonly name: string
  /** Default: `authorization_code` and `client_credentials`. Refreshed tokens fall under `authorization_code`. */
  readonly grantTypes?: readonly string[]
  /** Default `['*']`: any. */
  readonly scopes?: readonly string[]
  /** 300 to 86 400. Default 3600. */
  readonly accessTokenLifetimeSeconds?: number
  /** The id of one of the org's inline hooks. Default none. */
  readonly inlineHook?: string
}

/** A user; further members are profile attributes by their OpenID Connect names (`name`, `email`, …). */
export interface UserOptions {
  /** Default: a new id. */
  readonly id?: string
  readonly login: string
  /** Names of groups; those that the org does not have are made. `Everyone` goes without saying. */
  readonly groups?: string[]
  /** How the user signs in, as `amr` has it. Default `['pwd']`. */
  readonly amr?: string[]
  readonly [attribute: string]: Json | undefined
}

/** A group of users. */
export interface GroupOptions {
  /** Default: a new id. */
  readonly id?: string
  readonly name: string
  readonly description?: string
}

/** A client of the org's authorization servers. */
export type AppOptions = {
  readonly clientId: string
  /** Default: the client id. */
  readonly label?: string
} & (
  | {
      /** A page in the browser (`spa`) or a program on a device (`native`): no secret, so with PKCE. */
      readonly type: 'spa' | 'native'
      readonly redirectUris: readonly string[]
      readonly postLogoutRedirectUris?: readonly string[]
    }
  | {
      /** A program on a server that signs people in. */
      readonly type: 'web'
      readonly auth: ConfidentialAuth
      readonly redirectUris: readonly string[]
      readonly postLogoutRedirectUris?: readonly string[]
    }
  | {
      /** A program that acts for itself. */
      readonly type: 'service'
      readonly auth: ConfidentialAuth
      /** What it may ask for. Default: `client_credentials`; Okta's own token exchange is `urn:ietf:params:oauth:grant-type:token-exchange`. */
      readonly grantTypes?: readonly string[]
      /** What it may do with the management API, like `okta.inlineHooks.manage`. Default: nothing. */
      readonly managementScopes?: readonly string[]
    }
)

/** How an app authenticates that can keep a secret. */
export type ConfidentialAuth = Exclude<AppAuth, { method: 'none' }>

/** Where a hook is and how it knows its caller. */
export interface HookOptions {
  /** At most 1024 characters. Okta asks for `https`; here `http` will do. */
  readonly uri: string
  readonly secret: string
  /** The header that carries the secret, verbatim. Default `Authorization`. */
  readonly header?: string
  /** Static headers of every call. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A token inline hook of the org. */
export interface InlineHookOptions {
  /** What rules name it by. */
  readonly id: string
  /** Default: the id. */
  readonly name?: string
  /** At most 1024 characters. Okta asks for `https`; here `http` will do. */
  readonly uri: string
  /** Default header: `Authorization`. */
  readonly auth: { readonly header?: string; readonly secret: string } | OAuthHookAuth
  /** Static headers of every call. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A key of the org, for hooks that ask for `private_key_jwt`. */
export interface HookKeyOptions {
  /** What hooks name it by. */
  readonly id: string
  /** Default: the id. */
  readonly name?: string
  /** Default: a new RSA key. */
  readonly key?: PrivateJwk
}
