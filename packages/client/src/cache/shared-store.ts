import type { Clock } from '@behalf/core'
import { inTime, isJsonObject, isNumericDate, isRecent, late, parseStrictJson } from '@behalf/core/internal'
import type { TokenCandidate } from '../delegated-access-token.ts'
import type { OnWarning } from '../warning.ts'
import type { Sealing } from './entry-encryption.ts'

/**
 * A store that several instances share, such as a `Keyv`. Give `Keyv` the option `throwOnErrors: true`:
 * without it a failing store looks like an empty one.
 */
export interface TokenStore {
  /** Resolves to the text under this key; to `undefined`, or anything else that is no string, when there is none. */
  get(key: string): Promise<unknown>
  /** Keeps a text for so many milliseconds; what it resolves to does not matter. */
  set(key: string, value: string, ttlMs: number): Promise<unknown>
  /** Forgets a text, if it is there; what it resolves to does not matter. */
  delete(key: string): Promise<unknown>
}

/** What {@link SharedStore} needs. */
export interface SharedStoreOptions {
  readonly store: TokenStore
  readonly sealing: Sealing
  readonly storeTimeoutMs: number
  readonly clock: Clock
  readonly warn: OnWarning
}

/** How long a store that failed is left alone. */
const restMs = 1_000

/**
 * The tokens in a store that others write to as well, and that may be down: what it gives is only a
 * candidate, everything unreadable is a miss, and a store that fails or hangs is bypassed. Never throws.
 */
export class SharedStore {
  readonly #options: SharedStoreOptions
  #failedAtMs = Number.NEGATIVE_INFINITY
  #available = true

  constructor(options: SharedStoreOptions) {
    this.#options = options
  }

  async get(key: string): Promise<TokenCandidate | undefined> {
    const value = await this.#try((store) => store.get(storeKey(key)))
    if (typeof value !== 'string') return undefined
    const text = this.#options.sealing.open(value, key)
    return text === undefined ? undefined : parseEntry(text, key)
  }

  async set(
    key: string,
    { accessToken, tokenType, expiresAt }: TokenCandidate,
    ttlMs: number,
  ): Promise<void> {
    const text = JSON.stringify({ key, accessToken, tokenType, expiresAt })
    await this.#try((store) => store.set(storeKey(key), this.#options.sealing.seal(text, key), ttlMs))
  }

  async delete(key: string): Promise<void> {
    await this.#try((store) => store.delete(storeKey(key)))
  }

  async #try(use: (store: TokenStore) => Promise<unknown>): Promise<unknown> {
    const { store, clock, storeTimeoutMs: timeoutMs } = this.#options
    if (isRecent(clock, this.#failedAtMs, restMs)) return undefined
    try {
      const result = await inTime(() => use(store), { clock, timeoutMs })
      if (result === late) return this.#bypass(`did not answer within ${timeoutMs} ms`)
      this.#available = true
      return result
    } catch {
      return this.#bypass('failed')
    }
  }

  #bypass(fault: string): void {
    const { clock, warn } = this.#options
    this.#failedAtMs = clock.now()
    if (this.#available) {
      const message = `The token store ${fault} and is bypassed until it answers.`
      warn({ code: 'store_unavailable', message })
    }
    this.#available = false
  }
}

function storeKey(key: string): string {
  return `behalf:${key}`
}

function parseEntry(text: string, key: string): TokenCandidate | undefined {
  const parsed = parseStrictJson(text, 1)
  if (!parsed.ok || !isJsonObject(parsed.value) || parsed.value['key'] !== key) return undefined
  const { accessToken, tokenType, expiresAt } = parsed.value
  if (typeof accessToken !== 'string' || !isNumericDate(expiresAt)) return undefined
  if (tokenType !== 'Bearer' && tokenType !== 'DPoP') return undefined
  return { accessToken, tokenType, expiresAt }
}
