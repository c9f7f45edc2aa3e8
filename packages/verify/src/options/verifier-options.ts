import type {
  Clock,
  DialectName,
  DocumentFetch,
  KeyCacheOptions,
  OwnDialect,
  RevocationOptions,
  SignatureAlgorithm,
  Telemetry,
  VerifiedTokensLimits,
} from '@behalf/core'
import type { AssertionIssuer } from '../access/assertion-issuers.ts'
import type { IssuedKind, TokenKind } from '../access/token-kind.ts'
import type { DpopOptions } from '../dpop/possession.ts'
import type { TokenError } from '../token-error.ts'

/** One authorization server whose tokens an API accepts. */
export interface VerifierIssuer {
  /** The authorization server, exactly as `iss` spells it. */
  readonly issuer: string
  /**
   * What it issues besides machine tokens; its tokens are read as this and as nothing else. Default: the one kind that
   * `accept` names; needed where it names several.
   */
  readonly tokens?: IssuedKind
  /** This API: `aud` must name it, or one of several names. Default: the verifier's `audience`. */
  readonly audience?: string | readonly string[]
  /**
   * How its users' tokens speak: what proves a user in them. Default `okta` for issuers whose path is `/oauth2/<id>`;
   * others must name one, or say what is theirs, when users' tokens are accepted.
   */
  readonly dialect?: DialectName | OwnDialect
  /** Whose people it vouches for, in the very words of the hook's configuration. Needed for users' tokens beside `revocation`. */
  readonly org?: string
  /** Where its keys are; found through its metadata by default. */
  readonly jwksUri?: string
  /** The algorithms that it signs with. Default `RS256`, as Okta does. */
  readonly algorithms?: readonly SignatureAlgorithm[]
}

/** The one authorization server of an API. */
export interface OneIssuer extends Omit<VerifierIssuer, 'audience' | 'tokens'> {
  /** This API: `aud` must name it, or one of several names. */
  readonly audience: string | readonly string[]
  readonly issuers?: never
}

/** Several authorization servers, each with what is its own. */
export interface SeveralIssuers {
  readonly issuers: readonly VerifierIssuer[]
  /** This API: `aud` must name it, or one of several names. Needed, but where each of `issuers` has its own. */
  readonly audience?: string | readonly string[]
  /** The algorithms of issuers that do not say. Default `RS256`, as Okta signs. */
  readonly algorithms?: readonly SignatureAlgorithm[]
  readonly issuer?: never
  readonly dialect?: never
  readonly org?: never
  readonly jwksUri?: never
}

/** What an API accepts, and from whom: one `issuer`, or several `issuers`. */
export type VerifierOptions<K extends TokenKind = TokenKind> = AcceptanceOptions<K> &
  (OneIssuer | SeveralIssuers)

/** What an API accepts, whoever issues it. */
export interface AcceptanceOptions<K extends TokenKind = TokenKind> {
  /** The kinds of tokens that are accepted. Default `['delegated']`. */
  readonly accept?: readonly K[]
  /** Scopes that every token must have. Default none. */
  readonly requiredScopes?: readonly string[]
  /** The clients that may call: the current actor, the application of a user, the client of a machine. Default any. */
  readonly allowedActors?: readonly string[]
  /** What the current actor may be, e.g. `['service']`; one that does not say is refused then. Default anything. */
  readonly allowedActorProfiles?: readonly string[]
  /** What the current actor may not be, e.g. `['ai_agent']`. Default nothing. */
  readonly refusedActorProfiles?: readonly string[]
  /**
   * By issuer of the users' own tokens: whose users may be acted for, and what the hook makes of their subjects. Only
   * these are accepted then. Default: any that the hook trusts, and `sub` must equal `assertion.sub`.
   */
  readonly assertionIssuers?: Readonly<Record<string, AssertionIssuer>>
  /** How many actors a chain may have. Default 4. */
  readonly maxActorDepth?: number
  /**
   * What the hook was told to do with `sub`. With `'keep'` it is the client's, and `subject` of what is verified
   * comes from the claim `assertion`. A token of the other kind is refused. Default `assertion`.
   */
  readonly subject?: 'assertion' | 'keep'
  /** Accepts tokens that are bound to a key, with their proof. Without it they are refused. */
  readonly dpop?: DpopOptions
  /** The URL of this API's protected resource metadata (RFC 9728), named in challenges. */
  readonly resourceMetadata?: string
  /** Called for every request that `authorize` refuses, for API B's log. */
  readonly onRefusal?: (error: TokenError) => void
  /** How far this machine's clock may be behind the issuers', in seconds, for `nbf` and `iat`. 0 to 300. Default 60. */
  readonly clockToleranceSeconds?: number
  /** The longest token that is looked at, in bytes. Default 16 384. */
  readonly maxTokenBytes?: number
  /**
   * How many tokens are remembered whose signature held, and in how many bytes of memory at most (an estimate); of each
   * its SHA-256 and its claims, never the token. All but the signature is judged anew with every request: the key, times,
   * audience, scopes, kind, proof. `false` remembers none. Default 10 000 and 33 554 432 (32 MiB).
   */
  readonly verifiedTokens?: VerifiedTokensLimits | false
  /**
   * Asks with every request whether the user was cut off since the first token of the chain was issued: docs/revocation.md.
   * Each of `assertionIssuers` states its `org` then, and so does each issuer of users' own tokens. Default nobody is asked,
   * and a token counts until it ends.
   */
  readonly revocation?: RevocationOptions
  /** How long keys are trusted and waited for; the defaults suit Okta. */
  readonly keys?: KeyLimits
  /**
   * Hosts beyond this machine that may be spoken to over plain http, e.g. `okta.default.svc.cluster.local`: whoever is on
   * the way can replace the keys that come from there. For all URLs of these options. Default none.
   */
  readonly insecureHosts?: readonly string[]
  /** Fetches metadata and keys, e.g. `undici.fetch`, or one behind a proxy (docs/networks.md). Default the runtime's `fetch`. */
  readonly fetch?: DocumentFetch
  /** The time. Default the machine's. */
  readonly clock?: Clock
  /** Where spans and metrics go: `openTelemetry()` of `@behalf/verify/telemetry`: docs/telemetry.md. Default nowhere. */
  readonly telemetry?: Telemetry
}

/** How an issuer's keys are kept; see `KeyCacheOptions` of `@behalf/core` for defaults and units. */
export type KeyLimits = Omit<
  KeyCacheOptions,
  'issuer' | 'jwksUri' | 'insecureHosts' | 'fetch' | 'clock' | 'places' | 'telemetry'
>

/** What one call or one route asks for beyond the verifier's own options. */
export interface RouteOptions {
  /** Scopes that the token must have besides the verifier's. */
  readonly requiredScopes?: readonly string[]
}
