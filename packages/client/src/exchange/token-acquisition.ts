import type { ErrorCode } from '@behalf/core'
import { isRecent, isScopeToken } from '@behalf/core/internal'
import { type Attempt, Attempts } from '../cache/attempts.ts'
import { type CacheKeys, familyOfKey } from '../cache/cache-key.ts'
import { MemoryCache } from '../cache/memory-cache.ts'
import { SingleFlight } from '../cache/single-flight.ts'
import type { HeldToken, TokenCache } from '../cache/token-cache.ts'
import type { DelegatedAccessToken } from '../delegated-access-token.ts'
import { ExchangeError } from '../exchange-error.ts'
import { aResource } from '../options/resource.ts'
import type { Settings } from '../options/settings.ts'
import { type AssertionSource, withAssertion } from './assertion-source.ts'
import type { Exchange, ExchangeRequest } from './exchange.ts'
import { readAssertion } from './presented-assertion.ts'

/** Which delegated token is wanted. */
export interface TokenRequest {
  /** The user's access token that API A was called with; API A has verified it. Or a function that gives one. */
  readonly assertion: AssertionSource
  /** What API A wants to do at API B; the authorization server's default scopes when empty. */
  readonly scopes: readonly string[]
  /** The audience of the API that the token is for. Default: the client's `resource`. */
  readonly resource?: string
  /** Ends the waiting of this caller; others who wait for the same token are not affected. */
  readonly signal?: AbortSignal
  /** Asks Okta even if there is a cached token, and replaces it. Default `false`. */
  readonly skipCache?: boolean
}

/** A {@link TokenRequest} whose assertion is there. */
export interface AssertedRequest extends TokenRequest {
  readonly assertion: string
}

/** How the cache is doing. The share of calls that cost no token request is `1 - misses / calls`. */
export interface CacheStatistics {
  /** Calls of `acquireToken` that got as far as the cache. */
  readonly calls: number
  /** Calls answered from memory. */
  readonly hits: number
  /** Calls answered from the shared store. */
  readonly storeHits: number
  /** Calls that waited for what another call had already begun. */
  readonly joined: number
  /** Calls that went to the authorization server. */
  readonly misses: number
  /** Tokens that were crowded out of memory before their end. */
  readonly evictions: number
  /** Tokens in memory. */
  readonly entries: number
  /** What they take, estimated. */
  readonly bytes: number
}

/** What a {@link TokenAcquisition} works with. */
export interface TokenAcquisitionParts {
  readonly settings: Settings
  readonly exchange: Exchange
  readonly cache: TokenCache
  readonly cacheKeys: CacheKeys
}

/** How long a token that replaced another is not replaced itself. */
const replacementPeriodMs = 60_000
/** Bounds what is remembered of users who never come again. */
const maxForgotten = 10_000
/** Bounds what is remembered of assertions that have had their time. */
const spentLimits = { maxEntries: 10_000, maxBytes: 16_777_216 }
const spentBytes = 1_024

/** From a request to a token: the cache first, then one exchange for all who ask for the same at once. */
export class TokenAcquisition {
  readonly #parts: TokenAcquisitionParts
  readonly #flights = new SingleFlight<DelegatedAccessToken>()
  readonly #attempts = new Attempts()
  /** When a token was obtained in place of one that API B had refused, in milliseconds since the epoch. */
  readonly #replacedAt = new WeakMap<DelegatedAccessToken, number>()
  /** Keys whose token was forgotten because API B had refused it; the next one is there in its place. */
  readonly #forgotten = new Set<string>()
  /** Why an assertion that has had its time for the hook is not worth another request. */
  readonly #spent = new MemoryCache<ExchangeError>(spentLimits, familyOfKey)
  readonly #counts = { calls: 0, hits: 0, storeHits: 0, joined: 0, misses: 0 }

  constructor(parts: TokenAcquisitionParts) {
    this.#parts = parts
  }

  /** See `client.acquireToken`. */
  acquire(request: TokenRequest): Promise<DelegatedAccessToken> {
    // Most assertions are there, and for a token in memory a promise or a copy more would be felt.
    if (isAsserted(request)) return this.acquireFor(request)
    const { assertion, signal } = request
    return withAssertion(assertion, {
      use: (asserted) => this.acquireFor({ ...request, assertion: asserted }),
      signal,
    })
  }

  /** A token for one assertion. */
  async acquireFor(request: AssertedRequest): Promise<DelegatedAccessToken> {
    const { cache, settings } = this.#parts
    // From callers without types: an absent token and a single scope are what they get wrong.
    if (typeof request.assertion !== 'string') throw new ExchangeError('assertion_malformed')
    if (!Array.isArray(request.scopes)) throw new TypeError('acquireToken: scopes: expected a list of scopes')
    if (!request.scopes.every(isScopeToken)) {
      throw new TypeError('acquireToken: scopes: expected scope tokens (RFC 6749 §3.3)')
    }
    const key = this.#keyOf(request)
    if (request.skipCache === true) return this.#obtain(key, request)
    const nowMs = settings.clock.now()
    const held = cache.peek(key, nowMs)
    if (held !== undefined && cache.isDue(held, nowMs)) return this.#renew(key, request, held)
    if (held === undefined) {
      const spent = this.#spent.get(key, nowMs)
      if (spent !== undefined) throw spent
      return this.#obtain(key, request)
    }
    this.#counts.calls++
    this.#counts.hits++
    return held.token
  }

  /**
   * The token to use in place of one that API B refused: what others have obtained since, else a new one. Undefined
   * when the refused one has itself been obtained in place of another a moment ago: Okta meters tokens, and what is
   * wrong then is not their age.
   */
  async replace(
    refused: DelegatedAccessToken,
    request: AssertedRequest,
  ): Promise<DelegatedAccessToken | undefined> {
    const { cache, settings } = this.#parts
    const key = this.#keyOf(request)
    const cached = cache.peek(key)?.token
    if (cached !== undefined && cached !== refused) return cached
    if (this.#hasJustReplaced(refused)) return undefined
    try {
      const token = await this.acquireFor({ ...request, skipCache: true })
      this.#replacedAt.set(token, settings.clock.now())
      return token
    } catch (error) {
      // Whatever became of the request, what API B refuses is of no use to the next call either.
      if (cache.peek(key)?.token === refused) await cache.remove(key)
      throw error
    }
  }

  /** Forgets a token that API B refused, so that the next call gets a new one; but see {@link TokenAcquisition.replace}. */
  async forgetRefused(refused: DelegatedAccessToken, request: AssertedRequest): Promise<void> {
    const { cache } = this.#parts
    const key = this.#keyOf(request)
    if (cache.peek(key)?.token !== refused || this.#hasJustReplaced(refused)) return
    if (this.#forgotten.size >= maxForgotten) this.#forgotten.clear()
    this.#forgotten.add(key)
    this.#attempts.outdate(key)
    await cache.remove(key)
  }

  /** Forgets everything that was made of an assertion; see `client.forget`. */
  async forgetAssertion(assertion: string): Promise<boolean> {
    if (typeof assertion !== 'string') throw new TypeError('forget: assertion: expected an access token')
    const { cache, cacheKeys } = this.#parts
    const family = cacheKeys.familyOf(assertion)
    this.#attempts.outdateFamily(family)
    this.#flights.closeFamily(family)
    return cache.forget(family)
  }

  #keyOf(request: AssertedRequest): string {
    return this.#parts.cacheKeys.keyOf(request.assertion, request.scopes, this.#resourceOf(request))
  }

  /** A resource that is there but undefined is a slip, and must not become another one. */
  #resourceOf(request: AssertedRequest): string | undefined {
    if (!('resource' in request)) return this.#parts.settings.resource
    if (aResource.holds(request.resource)) return request.resource
    throw new TypeError(`acquireToken: resource: expected ${aResource.expected}`)
  }

  #hasJustReplaced(token: DelegatedAccessToken): boolean {
    const replacedAt = this.#replacedAt.get(token)
    const { clock } = this.#parts.settings
    return replacedAt !== undefined && isRecent(clock, replacedAt, replacementPeriodMs)
  }

  statistics(): CacheStatistics {
    return { ...this.#counts, ...this.#parts.cache.usage }
  }

  /** A new token, or the one that is held: nobody has to go without while it can still be used. */
  async #renew(key: string, request: AssertedRequest, held: HeldToken): Promise<DelegatedAccessToken> {
    const { cache, settings } = this.#parts
    try {
      return await this.#obtain(key, request)
    } catch (error) {
      if (!(error instanceof ExchangeError) || withdraws(error)) throw error
      cache.settle(key, held)
      if (held.token.expiresAt * 1000 <= settings.clock.now()) throw error
      return held.token
    }
  }

  async #obtain(key: string, request: AssertedRequest): Promise<DelegatedAccessToken> {
    const { clock, clientId, expectedAudiences } = this.#parts.settings
    const { assertion, scopes, signal, skipCache = false } = request
    const nowSeconds = Math.floor(clock.now() / 1000)
    const presented = readAssertion(assertion, { nowSeconds, clientId, audiences: expectedAudiences })
    const resource = this.#resourceOf(request)
    const exchange = { assertion, presented, scopes: [...new Set(scopes)], resource }
    // A call that must not be answered from a cache cannot join one that may be.
    const flight = skipCache ? `${key} fresh` : key
    this.#counts.calls++
    if (this.#flights.has(flight)) this.#counts.joined++
    return this.#flights.run(
      flight,
      async (ended) => {
        const stored = skipCache ? undefined : await this.#load(key, exchange)
        return stored ?? this.#exchange(key, exchange, ended)
      },
      signal,
    )
  }

  async #load(key: string, request: ExchangeRequest): Promise<DelegatedAccessToken | undefined> {
    const { cache, exchange, settings } = this.#parts
    // Nothing says which scopes a token asked for without any may have, so only a store that nobody else writes to will do.
    if (request.scopes.length === 0 && !settings.encryptsStore) return undefined
    return this.#attempts.run(key, async (attempt) => {
      const stored = await cache.find(key, (candidate) => exchange.acceptStored(candidate, request))
      if (attempt.outdated) return cache.peek(key)?.token
      if (stored === undefined) return undefined
      this.#counts.storeHits++
      return cache.remember(key, stored).token
    })
  }

  async #exchange(key: string, request: ExchangeRequest, signal: AbortSignal): Promise<DelegatedAccessToken> {
    const { cache, exchange, settings } = this.#parts
    this.#counts.misses++
    return this.#attempts.run(key, async (attempt) => {
      try {
        const accepted = await exchange.perform(request, signal)
        const { token } = accepted
        if (attempt.outdated) return token
        if (this.#forgotten.delete(key)) this.#replacedAt.set(token, settings.clock.now())
        this.#attempts.outdate(key, attempt)
        await cache.put(key, accepted)
        return token
      } catch (error) {
        if (error instanceof ExchangeError && !attempt.outdated)
          await this.#heed(error, key, request, attempt)
        throw error
      }
    })
  }

  async #heed(error: ExchangeError, key: string, request: ExchangeRequest, attempt: Attempt): Promise<void> {
    if (isOfItsTime(error)) this.#spent.set(key, error, request.presented.expiresAt * 1000, spentBytes)
    if (!withdraws(error)) return
    this.#attempts.outdate(key, attempt)
    await this.#parts.cache.remove(key)
  }
}

/**
 * Whether the hook says that the assertion has had its time, or that its user was cut off since, which is never taken back; no
 * other request with it will do better.
 */
function isOfItsTime({ code, refusedBy }: ExchangeError): boolean {
  return refusedBy === 'hook' && spentCodes.has(code)
}

const spentCodes: ReadonlySet<ErrorCode> = new Set([
  'assertion_expired',
  'assertion_expires_soon',
  'assertion_revoked',
])

/**
 * Whether an error says that the token can be had no longer, so that it must not be used any longer either. The end of an
 * assertion's time, a hook that did not answer and a network that fails say nothing about a token that is there.
 */
function withdraws(error: ExchangeError): boolean {
  const { code, class: errorClass, refusedBy, retryable, status } = error
  if (retryable || code === 'assertion_expires_soon' || code === 'assertion_expired') return false
  if (refusedBy === 'server') return status !== undefined
  return code !== 'token_undelegated' && errorClass !== 'availability'
}

/** What is no request, from callers without types, is refused by a promise, too. */
function isAsserted(request: TokenRequest): request is AssertedRequest {
  return typeof request?.assertion !== 'function'
}
