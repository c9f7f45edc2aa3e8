import type { Clock } from '@behalf/core'
import type { TokenCandidate } from '../accept-token.ts'
import type { DelegatedAccessToken } from '../delegated-access-token.ts'
import { ExchangeError } from '../exchange-error.ts'
import { MemoryCache, type MemoryLimits } from './memory-cache.ts'
import type { SharedStore } from './shared-store.ts'

/** What a {@link TokenCache} needs. */
export interface TokenCacheOptions {
  readonly memory: MemoryLimits
  readonly shared: SharedStore | undefined
  readonly leewaySeconds: number
  readonly clock: Clock
}

/** Delegated tokens in memory and, when there is one, in a shared store; none within the leeway of its end. */
export class TokenCache {
  readonly #memory: MemoryCache<DelegatedAccessToken>
  readonly #shared: SharedStore | undefined
  readonly #leewayMs: number
  readonly #clock: Clock

  constructor({ memory, shared, leewaySeconds, clock }: TokenCacheOptions) {
    this.#memory = new MemoryCache(memory)
    this.#shared = shared
    this.#leewayMs = leewaySeconds * 1000
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
   * The token in the shared store, kept in memory from now on.
   *
   * @param accept - judges what lies in the store as it would judge what the token endpoint answers
   */
  async load(
    key: string,
    accept: (candidate: TokenCandidate) => DelegatedAccessToken,
  ): Promise<DelegatedAccessToken | undefined> {
    const candidate = await this.#shared?.get(key)
    if (candidate === undefined) return undefined
    try {
      const token = accept(candidate)
      return this.#remember(key, token) > 0 ? token : undefined
    } catch (error) {
      // Another's token, or one that has ended, is as good as none.
      if (error instanceof ExchangeError) return undefined
      throw error
    }
  }

  /** Keeps a token in place of the former one, or of none when it ends too soon. */
  async put(key: string, token: DelegatedAccessToken): Promise<void> {
    const usableForMs = this.#remember(key, token)
    if (usableForMs > 0) await this.#shared?.set(key, token, usableForMs)
    else await this.#shared?.delete(key)
  }

  async remove(key: string): Promise<void> {
    this.#memory.delete(key)
    await this.#shared?.delete(key)
  }

  /** For how long the token may be used, in milliseconds; nothing is kept unless that is more than 0. */
  #remember(key: string, token: DelegatedAccessToken): number {
    const usableUntilMs = token.expiresAt * 1000 - this.#leewayMs
    const usableForMs = usableUntilMs - this.#clock.now()
    if (usableForMs > 0) this.#memory.set(key, token, usableUntilMs, token.accessToken.length)
    else this.#memory.delete(key)
    return usableForMs
  }
}
