import type { AnyFetch, Clock, Telemetry } from '@behalf/core'
import type { ClientAuth } from '../authentication/client-auth.ts'
import type { SigningKeyOptions } from '../authentication/signing-key.ts'
import type { TokenStore } from '../cache/shared-store.ts'
import type { SealOptions } from '../sealing/seal-options.ts'
import type { OnWarning } from '../warning.ts'

/** How delegated tokens are obtained. */
export interface ClientOptions {
  /** The authorization server, exactly as `iss` spells it; `https`, or `http` on loopback and `insecureHosts`. */
  readonly issuer: string
  /** This API's client id at the authorization server. */
  readonly clientId: string
  /** How this client authenticates: `clientSecretBasic`, `clientSecretPost` or `privateKeyJwt`. */
  readonly auth: ClientAuth
  /**
   * The API that tokens are for, by its audience in the hook's `resources`; a token with another `aud` is refused. Default:
   * what each call says, else the client's only resource by the hook's configuration.
   */
  readonly resource?: string
  /**
   * Seals the assertion for the hook: the URL of the token request, which Okta's System Log, proxies and traces keep, then
   * holds nothing that is of use to anybody else. With it nothing is sent unsealed, whatever fails. Default: the user's
   * token travels as it is.
   */
  readonly seal?: SealOptions
  /** Binds tokens to this key, so that they are of no use without it (RFC 9449). Default: bearer tokens. */
  readonly dpop?: SigningKeyOptions
  /** The token endpoint. Default: found through the issuer's metadata, on the issuer's own origin. */
  readonly tokenEndpoint?: string
  /**
   * The names of this API, one of which must be in an assertion's `aud`, so that this API cannot be made to
   * forward a token that was meant for another one. Default: not checked here, but by the hook.
   */
  readonly expectedAudience?: string | readonly string[]
  /**
   * What the hook was told to do with `sub`. With `'keep'` it is this client's, and the claim `assertion` names the
   * user. A token of the other kind is refused. Default: `'assertion'`.
   */
  readonly subject?: 'assertion' | 'keep'
  /** The origins that `client.fetch` may send delegated tokens to, e.g. `https://b.example`. Default: none. */
  readonly allowedOrigins?: readonly string[]
  /**
   * Hosts beyond this machine that may be spoken to over plain http, e.g. `api-b.default.svc.cluster.local`: where a mesh
   * encrypts, since tokens and this client's secret go there. For `issuer`, `tokenEndpoint`, `seal.jwksUri` and `allowedOrigins`.
   * Default: none.
   */
  readonly insecureHosts?: readonly string[]
  /** How delegated tokens are cached. */
  readonly cache?: CacheOptions
  /** For one exchange with all its attempts, in milliseconds: 1 to 120 000. Default 10 000. */
  readonly timeoutMs?: number
  /** Receives what needs attention although no call failed. Default: a warning of the process. */
  readonly onWarning?: OnWarning
  /** Makes all requests, e.g. `undici.fetch`, or one behind a proxy (docs/networks.md). Default: the runtime's `fetch`. */
  readonly fetch?: AnyFetch
  /** The time. Default: the machine's. */
  readonly clock?: Clock
  /** Uniform in [0, 1), for the pauses between attempts. Default: `Math.random`. */
  readonly random?: () => number
  /** Where spans and metrics go: `openTelemetry()` of `@behalf/client/telemetry`: docs/telemetry.md. Default: nowhere. */
  readonly telemetry?: Telemetry
}

/** How delegated tokens are cached. */
export interface CacheOptions {
  /** How many tokens are kept in memory at most: 1 to 10 000 000. Default 10 000. */
  readonly maxEntries?: number
  /** How many bytes the tokens in memory take at most, estimated within 20 %: 65 536 to 1 TiB. Default 64 MiB. */
  readonly maxBytes?: number
  /**
   * How long before the end of a token a new one is asked for, in seconds, as far as that would live longer, and at most
   * half of its life: 0 to 3 600. Default 60.
   */
  readonly renewBeforeSeconds?: number
  /** A store that several instances share, asked when memory has no token. Default: none. */
  readonly store?: TokenStore
  /**
   * Keys of 32 bytes, as bytes or in base64, that encrypt what lies in the store: the first one encrypts, all
   * decrypt. Without a `store` they are a fault. Default: stored as it is, readable for everybody who can read the
   * store.
   */
  readonly encryptionKeys?: readonly (Uint8Array | string)[]
  /** How long the store is waited for, in milliseconds: 1 to 10 000. Default 200. */
  readonly storeTimeoutMs?: number
}
