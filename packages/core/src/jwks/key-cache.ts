import { type DocumentFetch, type FetchFault, fetchJson, runtimeFetch } from '../http/fetch-json.ts'
import { isTrustworthyUrl } from '../http/trustworthy-url.ts'
import { discoverEndpoint } from '../issuer/discovery.ts'
import type { Json } from '../json/json.ts'
import type { SignatureAlgorithm } from '../jws/algorithms.ts'
import type { Result } from '../result.ts'
import { type Clock, isRecent, systemClock } from '../time/clock.ts'
import { WaitingRoom } from '../time/waiting-room.ts'
import type { VerificationKey } from './jwk.ts'
import { Jwks } from './jwks.ts'
import { type KeyLimits, resolveKeyLimits } from './key-limits.ts'

/** What an issuer's keys have to say about a `kid`. */
export type KeyLookup =
  | { readonly kind: 'found'; readonly keys: readonly VerificationKey[] }
  /** The issuer publishes no such key. */
  | { readonly kind: 'unknown' }
  /** The key exists and is published for another algorithm. */
  | { readonly kind: 'unsuitable' }
  /** The issuer's keys could not be obtained. */
  | { readonly kind: 'unavailable' }

/** How an issuer's keys are obtained and for how long they are trusted. */
export interface KeyCacheOptions extends KeyLimits {
  /** The issuer whose keys these are; its metadata says where they are unless `jwksUri` does. */
  readonly issuer: string
  /** Where the keys are; from configuration only, never from a token. */
  readonly jwksUri?: string | undefined
  readonly fetch?: DocumentFetch | undefined
  readonly clock?: Clock | undefined
  /** Where verifications wait for a fetch; without a place they find the keys unavailable. Default: no limit. */
  readonly waitingRoom?: WaitingRoom | undefined
}

/** How an issuer's keys are doing. */
export interface KeyCacheStatus {
  /** Whether keys are there that may be used now. */
  readonly ready: boolean
  /** How long ago the issuer last gave a good answer. */
  readonly ageMs?: number
  /** Why the last fetch failed; absent when it did not. */
  readonly fault?: string
}

/**
 * The keys of one issuer, kept fresh: a maximum age with refresh in the background before it ends, one fetch
 * at a time, a cool-down for unknown `kid`s that starts only with a good answer they asked for (so that a
 * rotation after any other fetch, or during an outage, gets through at once), and keys that stay in use,
 * within a bound, while the issuer is out of reach. Issuers never share an instance, so their `kid`s cannot
 * be confused.
 *
 * It starts no timers of its own and fetches only when used or told to {@link KeyCache.load}.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517
 */
export class KeyCache {
  readonly #issuer: string
  readonly #configuredJwksUri: string | undefined
  readonly #fetch: DocumentFetch
  readonly #clock: Clock
  readonly #limits: Required<KeyLimits>
  readonly #waitingRoom: WaitingRoom
  #jwks: Jwks | undefined
  #jwksUri: string | undefined
  #fetchedAt = Number.NEGATIVE_INFINITY
  #failedAttemptAt = Number.NEGATIVE_INFINITY
  #failedAt = Number.NEGATIVE_INFINITY
  #unknownKeyFetchAt = Number.NEGATIVE_INFINITY
  #fault: string | undefined
  #flight: Promise<void> | undefined
  #flightStartedAt = Number.NEGATIVE_INFINITY

  /** @throws TypeError when the keys would come from a URL that is not https (or http on loopback), or a limit is no number from 0 */
  constructor(options: KeyCacheOptions) {
    const { issuer, jwksUri, fetch = runtimeFetch, clock = systemClock } = options
    if (!isTrustworthyUrl(jwksUri ?? issuer)) {
      throw new TypeError(
        `${jwksUri === undefined ? 'issuer' : 'jwksUri'}: not an https URL (or http on loopback) without user and fragment`,
      )
    }
    this.#issuer = issuer
    this.#configuredJwksUri = jwksUri
    this.#fetch = fetch
    this.#clock = clock
    this.#limits = resolveKeyLimits(options)
    this.#waitingRoom = options.waitingRoom ?? new WaitingRoom(Number.POSITIVE_INFINITY)
  }

  /**
   * Finds the keys that may verify `algorithm` under `kid`. The answer is immediate while keys are fresh and
   * the `kid` is known, and takes at most `waitMs` otherwise. A `kid` counts as unknown when the issuer was
   * asked; when it could not be, its keys are unavailable.
   */
  find(kid: string, algorithm: SignatureAlgorithm): KeyLookup | Promise<KeyLookup> {
    const age = this.#age()
    if (this.#jwks === undefined || age > this.#limits.maxAgeMs) return this.#findAfterRefresh(kid, algorithm)
    if (age > this.#limits.refreshAfterMs) void this.#refresh()
    return this.#jwks.has(kid) ? lookUp(this.#jwks, kid, algorithm) : this.#findUnknown(kid, algorithm)
  }

  /** Fetches the keys unless they are fresh, and waits for a fetch that is under way, as long as it may take. */
  async load(): Promise<KeyCacheStatus> {
    const isFresh = this.#jwks !== undefined && this.#age() <= this.#limits.refreshAfterMs
    if (!isFresh || this.#flight !== undefined) await this.#refresh()
    return this.status()
  }

  /** How the keys are doing; makes no call. */
  status(): KeyCacheStatus {
    return {
      ready: this.#usable() !== undefined,
      ...(this.#jwks === undefined ? {} : { ageMs: this.#clock.now() - this.#fetchedAt }),
      ...(this.#fault === undefined ? {} : { fault: this.#fault }),
    }
  }

  async #findAfterRefresh(kid: string, algorithm: SignatureAlgorithm): Promise<KeyLookup> {
    const startedAt = this.#clock.now()
    const refresh = this.#refresh()
    // While the issuer is known to be out of reach, keys that still serve are not worth waiting for.
    if (this.#usable() === undefined || !this.#isOutOfReach()) {
      if (!(await this.#wait(refresh))) return { kind: 'unavailable' }
    }
    const jwks = this.#usable()
    if (jwks === undefined) return { kind: 'unavailable' }
    if (jwks.has(kid) || this.#fetchedAt >= startedAt) return lookUp(jwks, kid, algorithm)
    return this.#findUnknown(kid, algorithm)
  }

  async #findUnknown(kid: string, algorithm: SignatureAlgorithm): Promise<KeyLookup> {
    if (
      this.#flight === undefined &&
      isRecent(this.#clock, this.#unknownKeyFetchAt, this.#limits.unknownKeyCooldownMs)
    )
      return { kind: 'unknown' }
    if (!(await this.#wait(this.#refresh('unknown kid')))) return { kind: 'unavailable' }
    const jwks = this.#usable()
    const notAnswered = this.#flight !== undefined || this.#fault !== undefined
    if (jwks === undefined || (notAnswered && !jwks.has(kid))) return { kind: 'unavailable' }
    return lookUp(jwks, kid, algorithm)
  }

  #usable(): Jwks | undefined {
    return this.#age() <= this.#limits.staleForMs ? this.#jwks : undefined
  }

  /** A clock that was set back must not make keys younger, so a negative age counts as past the maximum. */
  #age(): number {
    const age = this.#clock.now() - this.#fetchedAt
    return age < 0 ? this.#limits.maxAgeMs + 1 : age
  }

  /** Whether a fetch has failed lately; what failed before another could have, says nothing about the next. */
  #isOutOfReach(): boolean {
    const { fetchTimeoutMs, retryAfterMs } = this.#limits
    return this.#fault !== undefined && isRecent(this.#clock, this.#failedAt, fetchTimeoutMs + retryAfterMs)
  }

  /** Joins the fetch under way or starts one, unless one has just failed. Never rejects. */
  #refresh(cause?: 'unknown kid'): Promise<void> {
    if (this.#flight !== undefined && !this.#hasStopped(this.#flightStartedAt)) return this.#flight
    // Counted from its start, so that a fetch that hung until its time-out is followed by another at once.
    if (isRecent(this.#clock, this.#failedAttemptAt, this.#limits.retryAfterMs)) return Promise.resolve()
    const startedAt = this.#clock.now()
    this.#flightStartedAt = startedAt
    const flight = this.#fetchKeys(startedAt, cause).finally(() => {
      if (this.#flight === flight) this.#flight = undefined
    })
    this.#flight = flight
    return flight
  }

  /**
   * Whether a fetch that began then, and has not ended in its time, was stopped from outside: by a runtime that was
   * frozen meanwhile, or that drops what a request has begun together with the request.
   */
  #hasStopped(startedAt: number): boolean {
    return !isRecent(this.#clock, startedAt, 2 * this.#limits.fetchTimeoutMs + 1_000)
  }

  async #fetchKeys(startedAt: number, cause: 'unknown kid' | undefined): Promise<void> {
    const abort = new AbortController()
    const cancelTimeout = this.#clock.schedule(() => abort.abort(), this.#limits.fetchTimeoutMs)
    const fault = await this.#load(abort.signal, startedAt)
    cancelTimeout()
    // Another was started in the meantime, and knows better.
    if (this.#flightStartedAt !== startedAt) return
    this.#fault = fault
    if (fault !== undefined) {
      this.#failedAttemptAt = startedAt
      // One that was stopped says nothing about the issuer.
      this.#failedAt = this.#hasStopped(startedAt) ? Number.NEGATIVE_INFINITY : this.#clock.now()
      this.#jwksUri = undefined
    } else if (cause === 'unknown kid') {
      this.#unknownKeyFetchAt = startedAt
    }
  }

  /** Fetches the keys; the fault if that fails. */
  async #load(signal: AbortSignal, startedAt: number): Promise<string | undefined> {
    const getJson = (url: string): Promise<Result<Json, FetchFault>> =>
      fetchJson(url, { fetch: this.#fetch, signal, maxBytes: this.#limits.maxBytes })
    this.#jwksUri ??= this.#configuredJwksUri
    if (this.#jwksUri === undefined) {
      const discovery = await discoverEndpoint(this.#issuer, 'jwks_uri', getJson)
      if (!discovery.ok) return discovery.fault.detail
      this.#jwksUri = discovery.value
    }
    const answer = await getJson(this.#jwksUri)
    if (!answer.ok) return `the issuer's key set ${answer.fault.detail}`
    const jwks = Jwks.parse(answer.value)
    if (jwks === undefined) return "the issuer's key set holds no usable key"
    if (this.#flightStartedAt !== startedAt) return undefined
    this.#jwks = jwks
    // What the answer says was true when it was asked for, at the earliest.
    this.#fetchedAt = startedAt
    return undefined
  }

  /**
   * Waits for a fetch, but no longer than one verification may; false at once when no place is left to wait in, because
   * tokens that nobody has signed must not take the places of good ones while an issuer does not answer.
   */
  #wait(refresh: Promise<void>): Promise<boolean> {
    return this.#waitingRoom.waitIn(
      () =>
        new Promise((resolve) => {
          const cancel = this.#clock.schedule(resolve, this.#limits.waitMs)
          void refresh.then(() => {
            cancel()
            resolve()
          })
        }),
    )
  }
}

function lookUp(jwks: Jwks, kid: string, algorithm: SignatureAlgorithm): KeyLookup {
  if (!jwks.has(kid)) return { kind: 'unknown' }
  const keys = jwks.find(kid, algorithm)
  return keys.length === 0 ? { kind: 'unsuitable' } : { kind: 'found', keys }
}
