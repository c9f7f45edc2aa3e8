import type { Clock } from '@behalf/core'
import type { DelegatedAccessToken, TokenCandidate } from '../delegated-access-token.ts'
import { ExchangeError } from '../exchange-error.ts'
import { MemoryCache, type MemoryLimits } from './memory-cache.ts'
import type { SharedStore } from './shared-store.ts'

/** What a {@link TokenCache} needs. */
export interface TokenCacheOptions {
  readonly memory: MemoryLimits
  readonly shared: SharedStore | undefined
  readonly renewBeforeSeconds: number
  readonly clock: Clock
}

/** Delegated tokens in memory and, when there is one, in a shared store; none that is about to be renewed. */
export class TokenCache {
  readonly #memory: MemoryCache<DelegatedAccessToken>
  readonly #shared: SharedStore | undefined
  readonly #renewBeforeMs: number
  readonly #clock: Clock

  constructor({ memory, shared, renewBeforeSeconds, clock }: TokenCacheOptions) {
    this.#memory = new MemoryCache(memory)
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
  peek(key: string): DelegatedAccessToken | undefined {
    return this.#memory.get(key, this.#clock.now())
  }

  /**
   * The token in the shared store, if it may be used; see {@link TokenCache.remember}.
   *
   * @param accept - judges what lies in the store as it would judge what the token endpoint answers
   */
  async find(
    key: string,
    accept: (candidate: TokenCandidate) => DelegatedAccessToken,
  ): Promise<DelegatedAccessToken | undefined> {
    const candidate = await this.#shared?.get(key)
    if (candidate === undefined) return undefined
    try {
      const token = accept(candidate)
      return this.#usableForMs(token) > 0 ? token : undefined
    } catch (error) {
      // Another's token, or one that has ended, is as good as none.
      if (error instanceof ExchangeError) return undefined
      throw error
    }
  }

  /** Keeps a token in place of the former one, or of none when it ends too soon. */
  async put(key: string, token: DelegatedAccessToken): Promise<void> {
    this.remember(key, token)
    const usableForMs = this.#usableForMs(token)
    if (usableForMs > 0) await this.#shared?.set(key, token, usableForMs)
    else await this.#shared?.delete(key)
  }

  async remove(key: string): Promise<void> {
    this.#memory.delete(key)
    await this.#shared?.delete(key)
  }

  /** Keeps a token in memory in place of the former one, or of none when it ends too soon. */
  remember(key: string, token: DelegatedAccessToken): void {
    const usableUntilMs = token.expiresAt * 1000 - this.#renewBeforeMs
    if (this.#usableForMs(token) > 0) this.#memory.set(key, token, usableUntilMs, token.accessToken.length)
    else this.#memory.delete(key)
  }

  #usableForMs({ expiresAt }: DelegatedAccessToken): number {
    return expiresAt * 1000 - this.#renewBeforeMs - this.#clock.now()
  }
}
