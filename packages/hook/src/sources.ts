import { type KeyCacheStatus, systemClock, type Telemetry } from '@behalf/core'
import {
  createJwtVerifier,
  type JwtVerifier,
  KeyCache,
  observeKeys,
  Places,
  runtimeFetch,
  VerifiedTokens,
} from '@behalf/core/internal'
import type { ResolvedIssuer } from './config/issuers.ts'
import { mostWaiting } from './config/limits.ts'
import type { ResolvedConfig } from './config/resolved-config.ts'
import type { EventReceiver } from './events/event-hooks.ts'
import type { HookEnvironment } from './hook-environment.ts'
import { createIntrospections, type Introspections } from './introspection/introspections.ts'
import type { Seals } from './sealing/sealing.ts'
import { CallerSecrets } from './secrets/caller-secrets.ts'

/** How the keys of one issuer are doing. */
export interface IssuerStatus extends KeyCacheStatus {
  readonly issuer: string
}

/** How the secrets are doing that have a source. */
export interface SecretsStatus {
  /** Whether at least one secret is known. */
  readonly ready: boolean
  /** Why the last fetch failed; absent when it did not. */
  readonly fault?: string
}

/** What a hook fetches and keeps fresh: issuers' keys and answers, the secrets of its callers, keys that seals are opened with. */
export class Sources {
  readonly verifyAssertion: JwtVerifier
  /** Verifies the bearer token of Okta's call; absent when a header secret authenticates it. */
  readonly verifyCaller: JwtVerifier | undefined
  readonly callerSecrets: CallerSecrets | undefined
  readonly seals: Seals | undefined
  readonly introspections: Introspections
  readonly #keyCaches: { readonly issuer: string; readonly keys: KeyCache }[] = []

  constructor(resolved: ResolvedConfig, environment: HookEnvironment, telemetry: Telemetry | undefined) {
    const { fetch = runtimeFetch, clock = systemClock } = environment
    const { authentication, limits, insecureHosts } = resolved
    // Who has not authenticated, and tokens that nobody has signed, must leave room for good ones.
    const { forKeys, forSecrets: maxWaiting } = mostWaiting(limits)
    const places = new Places(forKeys)
    const verifierFor = (issuers: readonly ResolvedIssuer[]): JwtVerifier => {
      const trusted = issuers.map((issuer) => {
        const keys = new KeyCache({
          ...issuer,
          ...resolved.keys,
          insecureHosts,
          places,
          fetch,
          clock,
          telemetry,
        })
        this.#keyCaches.push({ issuer: issuer.issuer, keys })
        return { ...issuer, audienceClaims: issuer.dialect?.audienceClaims, keys }
      })
      return createJwtVerifier({
        issuers: trusted,
        clock,
        maxBytes: limits.maxAssertionBytes,
        verifiedTokens:
          resolved.verifiedTokens === false ? undefined : new VerifiedTokens(resolved.verifiedTokens, clock),
      })
    }
    this.verifyAssertion = verifierFor(resolved.issuers)
    this.verifyCaller = authentication.kind === 'bearer' ? verifierFor([authentication.issuer]) : undefined
    this.callerSecrets =
      authentication.kind === 'secret'
        ? new CallerSecrets(authentication.secrets, clock, maxWaiting)
        : undefined
    this.seals = resolved.sealing?.start({ clock, maxAssertionBytes: limits.maxAssertionBytes, maxWaiting })
    this.introspections = createIntrospections(resolved, { fetch, clock, places: new Places(forKeys) })
    telemetry?.observe('behalf.keys.issuers', () => observeKeys(this.#keyCaches.map(({ keys }) => keys)))
  }

  /** Fetches what is not there or not fresh any more. @param events - what has secrets of its own */
  async load(events: Pick<EventReceiver, 'load'> | undefined): Promise<readonly IssuerStatus[]> {
    const others = Promise.all([
      this.callerSecrets?.load(),
      this.seals?.load(),
      events?.load(),
      ...[...this.introspections.values()].map((introspection) => introspection.load()),
    ])
    const loaded = await Promise.all(
      this.#keyCaches.map(async ({ issuer, keys }) => ({ issuer, ...(await keys.load()) })),
    )
    await others
    return loaded
  }

  /** How the keys of every issuer are doing. */
  status(): readonly IssuerStatus[] {
    return this.#keyCaches.map(({ issuer, keys }) => ({ issuer, ...keys.status() }))
  }

  /** How the secrets of callers are doing, and the keys that seals are opened with. */
  secretsStatus(): SecretsStatus {
    const { callerSecrets, seals } = this
    const ready = (callerSecrets?.ready ?? true) && (seals?.ready ?? true)
    const fault =
      callerSecrets?.fault ??
      (seals?.fault === undefined ? undefined : `the keys that seals are opened with: ${seals.fault}`)
    return fault === undefined ? { ready } : { ready, fault }
  }
}
