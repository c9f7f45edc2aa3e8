import type { SignatureAlgorithm } from '@behalf/core'
import type { Policy } from '../policy/decision-point.ts'
import type { SecretSource } from '../secrets/secret-source.ts'

/**
 * Switches the authentication of the hook's caller off. Anybody who can reach the hook can then ask it for
 * decisions, and learn from them; for experiments on a machine of one's own only. It is a symbol so that it
 * cannot arrive from a file of data or by a slip.
 */
export const dangerouslyAcceptAnyCaller: unique symbol = Symbol('dangerouslyAcceptAnyCaller')

/** How Okta authenticates to the hook: with a fixed secret in a header. */
export interface SecretAuthentication {
  /** The header's name; `Authorization` by default. */
  readonly header?: string | undefined
  /**
   * What the header may hold, verbatim: up to 512 characters of visible ASCII, and spaces between them.
   * Several while the secret is being rotated, and functions that fetch some. Undefined members are faults.
   */
  readonly secrets: readonly (string | SecretSource | undefined)[] | SecretSource
}

/** How Okta authenticates to the hook: with a bearer token from an authorization server. */
export interface OAuthAuthentication {
  readonly bearer: {
    /** The issuer of Okta's token. */
    readonly issuer: string
    /** What `aud` must hold. */
    readonly audience: string
    /** The clients that Okta obtains the token as; the token must be one of theirs. */
    readonly clientIds: readonly string[]
    /** A scope that the token must carry. */
    readonly scope?: string | undefined
    /** Where the issuer's keys are; from its metadata by default. */
    readonly jwksUri?: string | undefined
    /** `['RS256']` by default. */
    readonly algorithms?: readonly SignatureAlgorithm[] | undefined
  }
}

/** An issuer whose access tokens can be exchanged. */
export interface IssuerConfig {
  /** Compared with `iss` character by character. `https`, or `http` on loopback. */
  readonly issuer: string
  /** The APIs that may present tokens of this issuer; one of them must be in `aud`. */
  readonly audiences: readonly string[]
  /** Where the keys are; from the issuer's metadata by default, then on the issuer's own origin only. */
  readonly jwksUri?: string | undefined
  /** `['RS256']` by default, which is what Okta signs with. */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined
  /** For `nbf` and `iat`, 0 to 300; 60 by default. `exp` gets none. */
  readonly clockToleranceSeconds?: number | undefined
}

/** What one client may exchange. What is left out is not restricted beyond `issuers`. */
export interface ClientConfig {
  /** The assertion must be meant for one of these: usually the API that the client is. */
  readonly audiences?: readonly string[] | undefined
  /** The assertion must be from one of these. */
  readonly issuers?: readonly string[] | undefined
  /** The delegated token may carry these scopes only. */
  readonly scopes?: readonly string[] | undefined
  /**
   * How many actors a chain may have when this client is added to it, 1 to 16; 1 means no delegation of
   * delegation. `limits.maxActorDepth` by default, and never more than it.
   */
  readonly maxActorDepth?: number | undefined
  /** Whether the assertion must name the client in `may_act`; false by default. A `may_act` that is there always counts. */
  readonly requireMayAct?: boolean | undefined
}

/** Which claims of the assertion the delegated token carries in its claim `assertion`. */
export interface ClaimsConfig {
  /** `iss`, `sub`, `exp` and `jti` are always there; `act`, `may_act` and `cnf` never. `'all'` by default. */
  readonly include?: 'all' | readonly string[] | undefined
  /** Names not to copy, of those that `include` selects; none by default. Those that are always there stay. */
  readonly exclude?: readonly string[] | undefined
  /** New names by the assertion's names, e.g. `{ email: 'mail' }`; those that are always there keep theirs. */
  readonly rename?: Readonly<Record<string, string>> | undefined
  /** The largest patch, in bytes of its JSON; larger ones are denied with `claims_too_large`. 256 to 131 072; 4 096 by default. */
  readonly maxBytes?: number | undefined
}

/** Bounds of what one request may cost: whole numbers, in milliseconds (`…Ms`) or bytes (`…Bytes`). */
export interface LimitsConfig {
  /** From arrival to answer, 100 to 2 800 because Okta waits 3 000; 2 000 by default. */
  readonly deadlineMs?: number | undefined
  /** How long the policy may take, 10 to 2 500; 800 by default. */
  readonly policyTimeoutMs?: number | undefined
  /** How many actors a chain may have, the new one included, 1 to 16; 4 by default. */
  readonly maxActorDepth?: number | undefined
  /** The longest assertion, 256 to 131 072; 16 384 by default. */
  readonly maxAssertionBytes?: number | undefined
  /** The largest request body, 1 024 to 1 048 576; 262 144 by default. */
  readonly maxBodyBytes?: number | undefined
  /**
   * How many requests may be under way at once, 1 to 100 000; more are denied at once with `overloaded`.
   * 1 024 by default.
   */
  readonly maxConcurrentRequests?: number | undefined
}

/** How long keys are trusted; see `KeyCacheOptions` of `@behalf/core`. */
export interface KeysConfig {
  /** A key that its issuer withdraws is trusted no longer than this. 1 000 to 86 400 000; 600 000 by default. */
  readonly maxAgeMs?: number | undefined
  /**
   * For how long after the issuer's last good answer known keys serve while it gives none. 0 to 604 800 000;
   * 86 400 000 by default, and never less than `maxAgeMs`.
   */
  readonly staleForMs?: number | undefined
}

/** Everything that an operator can say. Unknown members are faults. */
export interface BehalfConfig {
  readonly authenticate: SecretAuthentication | OAuthAuthentication | typeof dangerouslyAcceptAnyCaller
  readonly issuers: readonly IssuerConfig[]
  /** The clients that may exchange, by client id; `'any'` leaves it to Okta's policy rule and the audiences. */
  readonly clients: Readonly<Record<string, ClientConfig>> | 'any'
  /**
   * Asked last; without one, what the configuration allows is permitted. A function, `cedar()` of
   * `@behalf/hook/cedar`, `authzen()` of `@behalf/hook/authzen`, or several of them in `allOf()`.
   */
  readonly policy?: Policy | undefined
  /**
   * What becomes of `sub`: `'assertion'`, the default, makes it the user's; `'keep'` leaves the client id, so
   * that only `assertion.sub` names the user, and API B must be told (`docs/decisions/0005-kept-subject.md`).
   */
  readonly subject?: 'assertion' | 'keep' | undefined
  readonly claims?: ClaimsConfig | undefined
  /** What becomes of a machine token request without an assertion; `'deny'` by default. */
  readonly missingAssertion?: 'deny' | 'unchanged' | undefined
  /** What becomes of events of other flows; `'deny'` by default. */
  readonly otherEvents?: 'deny' | 'unchanged' | undefined
  readonly limits?: LimitsConfig | undefined
  readonly keys?: KeysConfig | undefined
}

/**
 * Types a configuration; `behalf.config.ts` exports its result by default. It checks nothing by itself:
 * {@link createHook} refuses bad configurations with all their faults.
 *
 * @example
 * ```ts
 * import { defineConfig } from '@behalf/hook'
 *
 * export default defineConfig({
 *   authenticate: { header: 'Authorization', secrets: [process.env['HOOK_SECRET']] },
 *   issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }],
 *   clients: { '0oaApiA': { audiences: ['api://a'], scopes: ['orders:read'] } },
 *   policy: async (delegation) => ({ decision: delegation.actors.length > 2 ? 'forbid' : 'permit' }),
 * })
 * ```
 */
export function defineConfig(config: BehalfConfig): BehalfConfig {
  return config
}
