import type { Clock } from '@behalf/core'
import type { DelegatedAccessToken, TokenCandidate } from '../delegated-access-token.ts'
import type { AcceptedToken } from '../exchange/token-life.ts'
import { ExchangeError } from '../exchange-error.ts'
import { familyOfKey } from './cache-key.ts'
import { MemoryCache, type MemoryLimits } from './memory-cache.ts'
import type { SharedStore } from './shared-store.ts'

/** What a {@link TokenCache} needs. */
export interface TokenCacheOptions {
  readonly memory: MemoryLimits
  readonly shared: SharedStore | undefined
  readonly renewBeforeSeconds: number
  readonly clock: Clock
}

/** A token in memory. */
export interface HeldToken {
  readonly token: DelegatedAccessToken
  /** From when on a new one is to be asked for, although this one can be used until its end. */
  readonly renewFromMs: number
}

/**
 * Delegated tokens in memory and, when there is one, in a shared store, each until its end. A margin before its end a
 * new one is to be asked for, but only as far as that could live longer, and once: one that brings less than the margin
 * is used to its own end.
 */
export class TokenCache {
  readonly #memory: MemoryCache<HeldToken>
  readonly #shared: SharedStore | undefined
  readonly #renewBeforeMs: number
  readonly #clock: Clock

  constructor({ memory, shared, renewBeforeSeconds, clock }: TokenCacheOptions) {
    this.#memory = new MemoryCache(memory, familyOfKey)
    this.#shared = shared
    this.#renewBeforeMs = renewBeforeSeconds * 1000
    this.#clock = clock
  }

  /** How full the memory is. */
  get usage(): { readonly entries: number; readonly bytes: number; readonly evictions: number } {
    const { entries, bytes, evictions } = this.#memory
    return { entries, bytes, evictions }
  }

  /** The token in memory. */
  peek(key: string, nowMs: number = this.#clock.now()): HeldToken | undefined {
    return this.#memory.get(key, nowMs)
  }

  /** Whether a new token is to be asked for. */
  isDue({ renewFromMs }: HeldToken, nowMs: number = this.#clock.now()): boolean {
    return renewFromMs <= nowMs
  }

  /**
   * The token in the shared store, if it may be used and no new one is to be asked for.
   *
   * @param accept - judges what lies in the store as it would judge what the token endpoint answers
   */
  async find(
    key: string,
    accept: (candidate: TokenCandidate) => AcceptedToken,
  ): Promise<AcceptedToken | undefined> {
    const candidate = await this.#shared?.get(key)
    if (candidate === undefined) return undefined
    try {
      const accepted = accept(candidate)
      return this.isDue(this.#hold(key, accepted)) ? undefined : accepted
    } catch (error) {
      // Another's token, or one that has ended, is as good as none.
      if (error instanceof ExchangeError) return undefined
      throw error
    }
  }

  /** Keeps a token in place of the former one. */
  async put(key: string, accepted: AcceptedToken): Promise<void> {
    const { token, renewFromMs } = this.remember(key, accepted)
    const usableForMs = renewFromMs - this.#clock.now()
    if (usableForMs > 0) await this.#shared?.set(key, token, usableForMs)
    else await this.#shared?.delete(key)
  }

  async remove(key: string): Promise<void> {
    this.#memory.delete(key)
    await this.#shared?.delete(key)
  }

  /** Forgets all tokens of a family; returns whether the shared store, if there is one, has taken note. */
  async forget(family: string): Promise<boolean> {
    const keys = this.#memory.keysOf(family)
    for (const key of keys) this.#memory.delete(key)
    const isNoted = (await this.#shared?.forget(family)) ?? true
    await Promise.all(keys.map((key) => this.#shared?.delete(key)))
    return isNoted
  }

  /** Keeps a token in memory in place of the former one. */
  remember(key: string, accepted: AcceptedToken): HeldToken {
    const held = this.#hold(key, accepted)
    this.#keep(key, held)
    return held
  }

  /** Uses a token to its end, because nothing better is to be had. */
  settle(key: string, { token }: HeldToken): void {
    if (this.peek(key)?.token === token) this.#keep(key, { token, renewFromMs: token.expiresAt * 1000 })
  }

  #hold(key: string, { token, lifetimeSeconds, prolongableSeconds }: AcceptedToken): HeldToken {
    const endMs = token.expiresAt * 1000
    const marginMs = Math.min(this.#renewBeforeMs, prolongableSeconds * 1000, lifetimeSeconds * 500)
    const former = this.peek(key)
    const isOfNoUse =
      former !== undefined && this.isDue(former) && endMs < former.token.expiresAt * 1000 + marginMs
    return { token, renewFromMs: isOfNoUse ? endMs : endMs - marginMs }
  }

  #keep(key: string, held: HeldToken): void {
    const { accessToken, expiresAt } = held.token
    this.#memory.set(key, held, expiresAt * 1000, accessToken.length)
  }
}
