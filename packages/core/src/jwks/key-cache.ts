import { type DocumentFetch, type FetchFault, runtimeFetch } from '../http/fetch-json.ts'
import type { NetworkFault } from '../http/network-fault.ts'
import { whyUntrustworthy } from '../http/trustworthy-url.ts'
import type { SignatureAlgorithm } from '../jws/algorithms.ts'
import { asOperation } from '../telemetry/as-operation.ts'
import { keyFetch } from '../telemetry/key-fetch.ts'
import type { Observation, Telemetry } from '../telemetry/telemetry.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { KeptFresh } from '../time/kept-fresh.ts'
import type { Places } from '../time/places.ts'
import type { VerificationKey } from './jwk.ts'
import type { Jwks } from './jwks.ts'
import { type KeyLimits, resolveKeyLimits } from './key-limits.ts'
import { PublishedKeys } from './published-keys.ts'

/** What an issuer's keys have to say about a `kid`. */
export type KeyLookup =
  | { readonly kind: 'found'; readonly keys: readonly VerificationKey[] }
  /** The issuer publishes no such key. */
  | { readonly kind: 'unknown' }
  /** The key exists and is published for another algorithm. */
  | { readonly kind: 'unsuitable' }
  /** The issuer's keys could not be obtained; without a fault, not yet. */
  | { readonly kind: 'unavailable'; readonly fault?: NetworkFault | undefined }

/** How an issuer's keys are obtained and for how long they are trusted. */
export interface KeyCacheOptions extends KeyLimits {
  /** The issuer whose keys these are; its metadata says where they are unless `jwksUri` does. */
  readonly issuer: string
  /** Where the keys are; from configuration only, never from a token. */
  readonly jwksUri?: string | undefined
  /** Hosts beyond this machine from which metadata and keys are taken over plain http. Default: none. */
  readonly insecureHosts?: readonly string[] | undefined
  /** Gets metadata and keys. Default: the runtime's `fetch`. */
  readonly fetch?: DocumentFetch | undefined
  /** The time. Default: the machine's. */
  readonly clock?: Clock | undefined
  /** Where verifications wait for a fetch; without a place they find the keys unavailable. Default: no limit. */
  readonly places?: Places | undefined
  /** Is told of every fetch; must not throw. Default: nobody is. */
  readonly telemetry?: Telemetry | undefined
}

/** How an issuer's keys are doing. */
export interface KeyCacheStatus {
  /** Whether keys are there that may be used now. */
  readonly ready: boolean
  /** How long ago the issuer last gave a good answer. */
  readonly ageMs?: number
  /** Why the last fetch failed; absent when it did not. */
  readonly fault?: string
  /** The code of the network's own error behind that, such as `ENOTFOUND`; absent when there is none. */
  readonly code?: string
  /** Set when the last fetch failed for a reason that stays until somebody changes something. */
  readonly permanent?: true
}

/**
 * The keys of one issuer, kept fresh (see {@link KeptFresh}). A `kid` that they lack makes the issuer be asked anew.
 * Issuers never share an instance, so their `kid`s cannot be confused.
 *
 * It fetches only when used or told to {@link KeyCache.load}.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517
 */
export class KeyCache {
  readonly #kept: KeptFresh<Jwks, FetchFault>
  readonly #clock: Clock

  /** @throws TypeError when the keys would come from a URL that must not be called, or a limit is no number from 0 */
  constructor(options: KeyCacheOptions) {
    const { issuer, jwksUri, fetch = runtimeFetch, clock = systemClock, places, telemetry } = options
    const insecureHosts = new Set(options.insecureHosts)
    const why = whyUntrustworthy(jwksUri ?? issuer, insecureHosts)
    if (why !== undefined) throw new TypeError(`${jwksUri === undefined ? 'issuer' : 'jwksUri'}: it ${why}`)
    const { maxBytes, unknownKeyCooldownMs: missCooldownMs, ...limits } = resolveKeyLimits(options)
    const published = new PublishedKeys({ issuer, jwksUri, fetch, insecureHosts, maxBytes })
    this.#clock = clock
    this.#kept = new KeptFresh({
      ...limits,
      missCooldownMs,
      clock,
      places,
      fetch: (signal) => asOperation(telemetry, keyFetch, () => published.fetch(signal)),
      lateFault: () => published.lateFault(),
    })
  }

  /**
   * Finds the keys that may verify `algorithm` under `kid`. The answer is immediate while keys are fresh and
   * the `kid` is known, and takes at most `waitMs` otherwise. A `kid` counts as unknown when the issuer was
   * asked; when it could not be, its keys are unavailable.
   */
  find(kid: string, algorithm: SignatureAlgorithm): KeyLookup | Promise<KeyLookup> {
    const jwks = this.#kept.peek()
    if (jwks === undefined) return this.#findAfterFetch(kid, algorithm)
    return jwks.has(kid) ? lookUp(jwks, kid, algorithm) : this.#findUnknown(kid, algorithm)
  }

  /** Fetches the keys unless they are fresh, and waits for a fetch that is under way, as long as it may take. */
  async load(): Promise<KeyCacheStatus> {
    await this.#kept.load()
    return this.status()
  }

  /** How the keys are doing; makes no call. */
  status(): KeyCacheStatus {
    const { value, askedAt, fault } = this.#kept
    return {
      ready: value !== undefined,
      ...(Number.isFinite(askedAt) ? { ageMs: this.#clock.now() - askedAt } : {}),
      ...(fault === undefined ? {} : { fault: fault.detail }),
      ...(fault?.code === undefined ? {} : { code: fault.code }),
      ...(fault?.permanent === undefined ? {} : { permanent: fault.permanent }),
    }
  }

  async #findAfterFetch(kid: string, algorithm: SignatureAlgorithm): Promise<KeyLookup> {
    const startedAt = this.#clock.now()
    const jwks = await this.#kept.fresh()
    if (jwks === undefined) return { kind: 'unavailable', fault: this.#kept.fault }
    return jwks.has(kid) || this.#kept.askedAt >= startedAt
      ? lookUp(jwks, kid, algorithm)
      : this.#findUnknown(kid, algorithm)
  }

  async #findUnknown(kid: string, algorithm: SignatureAlgorithm): Promise<KeyLookup> {
    const isAnswered = await this.#kept.askAgain()
    const jwks = this.#kept.value
    return jwks === undefined || (!isAnswered && !jwks.has(kid))
      ? { kind: 'unavailable', fault: this.#kept.fault }
      : lookUp(jwks, kid, algorithm)
  }
}

/** Counts issuers by how their keys are doing. */
export function observeKeys(
  caches: readonly Pick<KeyCache, 'status'>[],
): readonly Observation<'behalf.keys.issuers'>[] {
  const counts = { ready: 0, stale: 0, missing: 0, idle: 0 }
  for (const { ready, fault } of caches.map((cache) => cache.status()))
    counts[ready ? (fault === undefined ? 'ready' : 'stale') : fault === undefined ? 'idle' : 'missing']++
  return Object.entries(counts).map(([state, value]) => ({ value, attributes: { 'behalf.state': state } }))
}

function lookUp(jwks: Jwks, kid: string, algorithm: SignatureAlgorithm): KeyLookup {
  if (!jwks.has(kid)) return { kind: 'unknown' }
  const keys = jwks.find(kid, algorithm)
  return keys.length === 0 ? { kind: 'unsuitable' } : { kind: 'found', keys }
}
