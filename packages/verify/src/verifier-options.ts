import {
  type Clock,
  type Fetch,
  isSignatureAlgorithm,
  type KeyCacheOptions,
  type SignatureAlgorithm,
} from '@behalf/core'
import type { DpopOptions } from './dpop/possession.ts'
import type { AccessMode } from './mode.ts'
import {
  callable,
  count,
  flag,
  isObject,
  listOf,
  nameOrNames,
  names,
  object,
  oneOf,
  plainUrl,
  type Rules,
  scopes,
  url,
} from './option-rules.ts'
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
  readonly leewaySeconds?: number
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
export type KeyLimits = Omit<KeyCacheOptions, 'issuer' | 'jwksUri' | 'fetch' | 'clock'>

/** What one call or one route asks for beyond the verifier's own options. */
export interface RouteOptions {
  /** Scopes that the token must have besides the verifier's. */
  readonly requiredScopes?: readonly string[]
}

const keyRules: Rules<keyof KeyLimits> = {
  maxAgeMs: count(1),
  refreshAfterMs: count(0),
  staleForMs: count(0),
  unknownKeyCooldownMs: count(0),
  retryAfterMs: count(0),
  waitMs: count(1),
  fetchTimeoutMs: count(1),
  maxBytes: count(1),
}

const dpopRules: Rules<keyof DpopOptions> = {
  baseUrl: { ...plainUrl, required: true },
  required: flag,
  proofWindowSeconds: count(1),
  maxSeenProofs: count(1),
}

/** What {@link RouteOptions} must be. */
export const routeRules: Rules<keyof RouteOptions> = { requiredScopes: scopes }

/** What {@link VerifierOptions} must be. */
export const verifierRules: Rules<keyof VerifierOptions> = {
  ...routeRules,
  issuer: { ...plainUrl, required: true },
  audience: { ...nameOrNames, required: true },
  mode: oneOf('delegated', 'machine', 'either'),
  allowedActors: names,
  allowedAssertionIssuers: names,
  maxActorDepth: count(1),
  subject: oneOf('assertion', 'keep'),
  dpop: object(dpopRules),
  resourceMetadata: plainUrl,
  onRefusal: callable,
  algorithms: listOf('asymmetric algorithms such as RS256', isSignatureAlgorithm),
  leewaySeconds: count(0),
  maxTokenBytes: count(1),
  jwksUri: url,
  keys: object(keyRules),
  fetch: callable,
  clock: {
    expected: 'an object with now and schedule',
    holds: (value) => isObject(value) && 'now' in value && 'schedule' in value,
  },
}
