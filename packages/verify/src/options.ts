import type { Clock, Fetch, KeyCacheOptions, SignatureAlgorithm } from '@behalf/core'
import {
  aBoolean,
  aClock,
  aFunction,
  aListOf,
  aNameOrNames,
  anObject,
  aPlainUrl,
  aUrl,
  aWholeNumber,
  isScopeToken,
  isSignatureAlgorithm,
  longestTimeoutMs,
  names,
  type OptionRules,
  oneOf,
} from '@behalf/core/internal'
import type { AccessMode } from './access/mode.ts'
import type { DpopOptions } from './dpop/possession.ts'
import type { TokenError } from './token-error.ts'

/** What an API accepts. */
export interface VerifierOptions {
  /** The authorization server, exactly as `iss` spells it. */
  readonly issuer: string
  /** This API: `aud` must name it, or one of several names. */
  readonly audience: string | readonly string[]
  /** Whose tokens are accepted. Default `delegated`. */
  readonly mode?: AccessMode
  /** Scopes that every token must have. Default none. */
  readonly requiredScopes?: readonly string[]
  /** The clients that may call: the current actor of a delegated token, the client of a machine token. Default any. */
  readonly allowedActors?: readonly string[]
  /** The issuers of the users' own tokens from which delegations are accepted. Default any that the hook trusts. */
  readonly allowedAssertionIssuers?: readonly string[]
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
  /** The algorithms that the issuer signs with. Default `RS256`, as Okta does. */
  readonly algorithms?: readonly SignatureAlgorithm[]
  /** How far this machine's clock may be behind the issuer's, in seconds, for `nbf` and `iat`. Default 60. */
  readonly clockToleranceSeconds?: number
  /** The longest token that is looked at, in bytes. Default 16 384. */
  readonly maxTokenBytes?: number
  /** Where the issuer's keys are; found through the issuer's metadata by default. */
  readonly jwksUri?: string
  /** How long keys are trusted and waited for; the defaults suit Okta. */
  readonly keys?: KeyLimits
  /** Fetches metadata and keys. Default the runtime's `fetch`. */
  readonly fetch?: Fetch
  /** The time. Default the machine's. */
  readonly clock?: Clock
}

/** How an issuer's keys are kept; see `KeyCacheOptions` of `@behalf/core` for defaults and units. */
export type KeyLimits = Omit<
  KeyCacheOptions,
  'issuer' | 'jwksUri' | 'insecureHosts' | 'fetch' | 'clock' | 'places'
>

/** What one call or one route asks for beyond the verifier's own options. */
export interface RouteOptions {
  /** Scopes that the token must have besides the verifier's. */
  readonly requiredScopes?: readonly string[]
}

const keyRules: OptionRules<keyof KeyLimits> = {
  maxAgeMs: aWholeNumber(1),
  refreshAfterMs: aWholeNumber(0),
  staleForMs: aWholeNumber(0),
  unknownKeyCooldownMs: aWholeNumber(0),
  retryAfterMs: aWholeNumber(0),
  waitMs: aWholeNumber(1, longestTimeoutMs),
  fetchTimeoutMs: aWholeNumber(1, longestTimeoutMs),
  maxBytes: aWholeNumber(1),
}

const dpopRules: OptionRules<keyof DpopOptions> = {
  baseUrl: { ...aPlainUrl, required: true },
  required: aBoolean,
  proofWindowSeconds: aWholeNumber(1),
  maxSeenProofs: aWholeNumber(1),
}

/** What {@link RouteOptions} must be. */
export const routeRules: OptionRules<keyof RouteOptions> = {
  requiredScopes: aListOf('scopes', isScopeToken),
}

/** What {@link VerifierOptions} must be. */
export const verifierRules: OptionRules<keyof VerifierOptions> = {
  ...routeRules,
  issuer: { ...aPlainUrl, required: true },
  audience: { ...aNameOrNames, required: true },
  mode: oneOf('delegated', 'machine', 'either'),
  allowedActors: names,
  allowedAssertionIssuers: names,
  maxActorDepth: aWholeNumber(1),
  subject: oneOf('assertion', 'keep'),
  dpop: anObject(dpopRules),
  resourceMetadata: aPlainUrl,
  onRefusal: aFunction,
  algorithms: aListOf('asymmetric algorithms such as RS256', isSignatureAlgorithm),
  clockToleranceSeconds: aWholeNumber(0),
  maxTokenBytes: aWholeNumber(1),
  jwksUri: aUrl,
  keys: anObject(keyRules),
  fetch: aFunction,
  clock: aClock,
}
