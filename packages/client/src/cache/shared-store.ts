import { hash, randomUUID } from 'node:crypto'
import type { Clock } from '@behalf/core'
import { inTime, isJsonObject, isNumericDate, isRecent, late, parseStrictJson } from '@behalf/core/internal'
import type { TokenCandidate } from '../delegated-access-token.ts'
import type { OnWarning } from '../warning.ts'
import { familyOfKey } from './cache-key.ts'
import type { EntryEncryption } from './entry-encryption.ts'

/**
 * A store that several instances share, such as a `Keyv`; its methods may answer at once or give a promise. Give `Keyv`
 * the option `throwOnErrors: true`: without it a failing store looks like an empty one.
 */
export interface TokenStore {
  /** The text under this key, or a promise of it; `undefined`, or anything else that is no string, when there is none. */
  get(key: string): unknown
  /** Keeps a text for so many milliseconds; what it returns does not matter, but a promise is waited for. */
  set(key: string, value: string, ttlMs: number): unknown
  /** Forgets a text, if it is there; what it returns does not matter, but a promise is waited for. */
  delete(key: string): unknown
}

/** What {@link SharedStore} needs. */
export interface SharedStoreOptions {
  readonly store: TokenStore
  readonly entryEncryption: EntryEncryption
  readonly storeTimeoutMs: number
  readonly clock: Clock
  readonly warn: OnWarning
}

/** How long a store that failed is left alone. */
const restMs = 1_000
/** Longer than any token of Okta lives, which is 24 hours at most. */
const markTtlMs = 25 * 3_600_000
/** The mark of a family that was never forgotten. */
const noMark = ''
const unavailable: unique symbol = Symbol('unavailable')

/**
 * The tokens in a store that others write to as well, and that may be down: what it gives is only a
 * candidate, everything unreadable is a miss, and a store that fails or hangs is bypassed. Never throws.
 *
 * A family is forgotten by a new mark, since nobody knows all keys that other instances have written: what was written
 * under another mark is a miss.
 */
export class SharedStore {
  readonly #options: SharedStoreOptions
  #failedAtMs = Number.NEGATIVE_INFINITY
  #available = true

  constructor(options: SharedStoreOptions) {
    this.#options = options
  }

  async get(key: string): Promise<TokenCandidate | undefined> {
    const text = await this.#read(tokenName(key), key)
    const entry = typeof text === 'string' ? parseEntry(text, key) : undefined
    if (entry === undefined) return undefined
    return entry.mark === (await this.#readMark(familyOfKey(key))) ? entry.candidate : undefined
  }

  async set(
    key: string,
    { accessToken, tokenType, expiresAt }: TokenCandidate,
    ttlMs: number,
  ): Promise<void> {
    const mark = await this.#readMark(familyOfKey(key))
    if (mark === unavailable) return
    await this.#write(
      tokenName(key),
      JSON.stringify({ key, mark, accessToken, tokenType, expiresAt }),
      key,
      ttlMs,
    )
  }

  async delete(key: string): Promise<void> {
    await this.#try((store) => store.delete(tokenName(key)))
  }

  /** Makes everything of a family a miss for all instances; returns whether the store has taken note. */
  async forget(family: string): Promise<boolean> {
    return (await this.#write(markName(family), randomUUID(), family, markTtlMs)) !== unavailable
  }

  async #readMark(family: string): Promise<string | typeof unavailable> {
    return (await this.#read(markName(family), family)) ?? noMark
  }

  /** Undefined when there is nothing; a text that cannot be decrypted is as unavailable as a store that is down. */
  async #read(name: string, context: string): Promise<string | typeof unavailable | undefined> {
    const value = await this.#try((store) => store.get(name))
    if (value === unavailable) return unavailable
    if (typeof value !== 'string') return undefined
    return this.#options.entryEncryption.decrypt(value, context) ?? unavailable
  }

  async #write(name: string, text: string, context: string, ttlMs: number): Promise<unknown> {
    return this.#try((store) => store.set(name, this.#options.entryEncryption.encrypt(text, context), ttlMs))
  }

  /** What the store answers, or {@link unavailable}. */
  async #try(use: (store: TokenStore) => unknown): Promise<unknown> {
    const { store, clock, storeTimeoutMs: timeoutMs } = this.#options
    if (isRecent(clock, this.#failedAtMs, restMs)) return unavailable
    try {
      const result = await inTime(() => use(store), { clock, timeoutMs })
      if (result === late) return this.#bypass(`did not answer within ${timeoutMs} ms`)
      this.#available = true
      return result
    } catch {
      return this.#bypass('failed')
    }
  }

  #bypass(fault: string): typeof unavailable {
    const { clock, warn } = this.#options
    this.#failedAtMs = clock.now()
    if (this.#available) {
      const message = `The token store ${fault} and is bypassed until it answers.`
      warn({ code: 'store_unavailable', message })
    }
    this.#available = false
    return unavailable
  }
}

/** Scopes and resource are nobody's business who lists the store. */
function tokenName(key: string): string {
  return `behalf:${hash('sha256', key, 'base64url')}`
}

function markName(family: string): string {
  return `behalf:mark:${family}`
}

interface StoredToken {
  readonly candidate: TokenCandidate
  readonly mark: string
}

function parseEntry(text: string, key: string): StoredToken | undefined {
  const parsed = parseStrictJson(text, 1)
  if (!parsed.ok || !isJsonObject(parsed.value) || parsed.value['key'] !== key) return undefined
  const { mark, accessToken, tokenType, expiresAt } = parsed.value
  if (typeof accessToken !== 'string' || !isNumericDate(expiresAt) || typeof mark !== 'string')
    return undefined
  if (tokenType !== 'Bearer' && tokenType !== 'DPoP') return undefined
  return { mark, candidate: { accessToken, tokenType, expiresAt } }
}
