import { hash } from 'node:crypto'
import type { JsonObject } from '../json/json.ts'
import type { SignatureAlgorithm } from '../jws/algorithms.ts'
import type { Clock } from '../time/clock.ts'

/** How many verified tokens are remembered, and how much memory that may take. */
export interface VerifiedTokensLimits {
  /** Default 10 000. */
  readonly maxEntries?: number | undefined
  /** An estimate of what they take of the heap. Default 33 554 432. */
  readonly maxBytes?: number | undefined
}

/** What a token itself says, and which key has signed it: the same whoever brings the token, and whenever. */
export interface SignedToken {
  readonly header: JsonObject
  readonly claims: JsonObject
  readonly issuer: string
  readonly kid: string
  readonly algorithm: SignatureAlgorithm
  /** Of the key whose signature held. */
  readonly thumbprint: string
}

/** Tells one token from all others without being one. */
export type TokenDigest = string

const defaults = { maxEntries: 10_000, maxBytes: 33_554_432 }

/** Measured: claims take about twice what the token is long, besides the objects around them. */
const bytesOf = (tokenLength: number): number => 1_000 + 2 * tokenLength

interface Entry {
  readonly token: SignedToken
  readonly bytes: number
  readonly rememberedAt: number
}

/**
 * The tokens whose signature held, by the SHA-256 of the whole compact form, so that what is remembered is no token. Of
 * what it gives nothing but the signature counts as judged: that the key is still published, times, audience and all
 * else is the asker's to look at. When it is full, those that were asked for least recently make room: half of it at a
 * time, so that neither a hit nor a flood costs more than a look into two maps.
 */
export class VerifiedTokens {
  readonly #clock: Clock
  readonly #half: { readonly entries: number; readonly bytes: number }
  #recent = new Map<TokenDigest, Entry>()
  #recentBytes = 0
  #earlier = new Map<TokenDigest, Entry>()

  constructor({ maxEntries, maxBytes }: VerifiedTokensLimits, clock: Clock) {
    this.#clock = clock
    this.#half = {
      entries: (maxEntries ?? defaults.maxEntries) / 2,
      bytes: (maxBytes ?? defaults.maxBytes) / 2,
    }
  }

  /** What a token goes by here. */
  static digest(token: string): TokenDigest {
    return hash('sha256', token, 'binary')
  }

  /** Nothing too when the clock was set back since: whatever was judged by it then is judged again. */
  find(digest: TokenDigest): SignedToken | undefined {
    const recent = this.#recent.get(digest)
    const entry = recent ?? this.#earlier.get(digest)
    if (entry === undefined) return undefined
    if (entry.rememberedAt > this.#clock.now()) {
      this.forget(digest)
      return undefined
    }
    if (recent === undefined) {
      this.#earlier.delete(digest)
      this.#put(digest, entry)
    }
    return entry.token
  }

  /** Remembers a token; its claims must be frozen by then. One that takes more than half of all room is left out. */
  remember(digest: TokenDigest, tokenLength: number, token: SignedToken): void {
    this.#put(digest, { token, bytes: bytesOf(tokenLength), rememberedAt: this.#clock.now() })
  }

  forget(digest: TokenDigest): void {
    this.#recentBytes -= this.#recent.get(digest)?.bytes ?? 0
    this.#recent.delete(digest)
    this.#earlier.delete(digest)
  }

  #put(digest: TokenDigest, entry: Entry): void {
    this.forget(digest)
    if (entry.bytes > this.#half.bytes) return
    const isFull =
      this.#recent.size + 1 > this.#half.entries || this.#recentBytes + entry.bytes > this.#half.bytes
    if (isFull) {
      this.#earlier = this.#recent
      this.#recent = new Map()
      this.#recentBytes = 0
    }
    this.#recent.set(digest, entry)
    this.#recentBytes += entry.bytes
  }
}
