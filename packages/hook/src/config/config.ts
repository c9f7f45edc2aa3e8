import type { Policy } from '../policy/decision-point.ts'
import type { Sealing } from '../sealing/sealing.ts'
import type { dangerouslyAcceptAnyCaller, OAuthAuthentication, SecretAuthentication } from './authenticate.ts'
import type { ClaimsConfig } from './claims.ts'
import type { ClientConfig } from './clients.ts'
import type { IssuerConfig } from './issuers.ts'
import type { KeysConfig } from './keys.ts'
import type { LimitsConfig } from './limits.ts'
import type { ResourceConfig } from './resources.ts'
import type { RevocationConfig } from './revocation.ts'
import type { VerifiedTokensConfig } from './verified-tokens.ts'

/** Holds everything that an operator can say. Unknown members are faults. */
export interface BehalfConfig {
  /** How Okta authenticates to the hook, by a secret or a bearer token: docs/configuration.md#authenticate. */
  readonly authenticate: SecretAuthentication | OAuthAuthentication | typeof dangerouslyAcceptAnyCaller
  /** Whose tokens can be exchanged: docs/configuration.md#issuers. */
  readonly issuers: readonly IssuerConfig[]
  /**
   * Which client may exchange what, by client id: docs/configuration.md#clients. `'any'` leaves it to Okta's policy rule
   * and the audiences.
   */
  readonly clients: Readonly<Record<string, ClientConfig>> | 'any'
  /**
   * The APIs that delegated tokens can be for, by audience: docs/configuration.md#resources. With them the authorization
   * server's own audience is the `placeholder`, and no verifier that is told its audience accepts a plain token. Default
   * `aud` stays what the server says.
   */
  readonly resources?: Readonly<Record<string, ResourceConfig>> | undefined
  /** The audience of the server that issues delegated tokens, which no API accepts. Default `'https://undelegated.invalid'`. */
  readonly placeholder?: string | undefined
  /**
   * What becomes of an assertion that is bound to a key (`cnf`), whose proof the exchange cannot see: `'allow'` makes a
   * bearer token of it. Default `'deny'`.
   */
  readonly boundAssertions?: 'deny' | 'allow' | undefined
  /**
   * Asked last: a function, `cedar()` of `@behalf/hook/cedar`, `authzen()` of `@behalf/hook/authzen`, or several of them
   * in `allOf()`: docs/policy.md, docs/authzen.md. Default what the configuration allows is permitted.
   */
  readonly policy?: Policy | undefined
  /**
   * How sealed assertions are opened: `sealed()` of `@behalf/hook/sealing`: docs/sealing.md. Default only bare ones are
   * taken, which Okta's log and traces keep as they are.
   */
  readonly sealing?: Sealing | undefined
  /**
   * Which users must not be acted for any more, although their tokens are still good: docs/configuration.md#revocation.
   * Default a token counts until it ends.
   */
  readonly revocation?: RevocationConfig | undefined
  /**
   * What becomes of `sub`: `'assertion'` makes it the user's; `'keep'` leaves the client id, so that only
   * `assertion.sub` names the user, and API B must be told: docs/decisions/0005-kept-subject.md. Default `'assertion'`.
   */
  readonly subject?: 'assertion' | 'keep' | undefined
  /** Which claims of the assertion the delegated token carries: docs/configuration.md#claims. Default all. */
  readonly claims?: ClaimsConfig | undefined
  /** What becomes of a machine token request without an assertion; `'unchanged'` leaves the token as it is. Default `'deny'`. */
  readonly missingAssertion?: 'deny' | 'unchanged' | undefined
  /**
   * What becomes of events of other flows; `'unchanged'` leaves them alone. One with an assertion is always denied.
   * Default `'deny'`.
   */
  readonly otherEvents?: 'deny' | 'unchanged' | undefined
  /** What one request may cost: docs/configuration.md#limits. Default those of its members. */
  readonly limits?: LimitsConfig | undefined
  /** For how long issuers' keys are trusted: docs/configuration.md#keys. Default those of its members. */
  readonly keys?: KeysConfig | undefined
  /**
   * How many verified tokens are remembered: docs/configuration.md#verifiedtokens. `false` remembers none. Default those
   * of its members.
   */
  readonly verifiedTokens?: VerifiedTokensConfig | false | undefined
  /**
   * Names of hosts beyond this machine whose metadata and keys are taken over plain http, such as
   * `keys.default.svc.cluster.local`: where a mesh encrypts, because whoever is on the way can replace keys. Default none.
   */
  readonly insecureHosts?: readonly string[] | undefined
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
 *   issuers: [{ issuer: 'https://example.okta.com/oauth2/users', audiences: ['api://a'] }],
 *   clients: { '0oaApiA': { scopes: ['orders:read'] } },
 *   resources: { 'https://orders.example': { scopes: { 'orders:read': {} } } },
 *   policy: async (delegation) => ({ decision: delegation.actors.length > 2 ? 'forbid' : 'permit' }),
 * })
 * ```
 */
export function defineConfig(config: BehalfConfig): BehalfConfig {
  return config
}
