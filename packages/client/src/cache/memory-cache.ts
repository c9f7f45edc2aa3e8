/** How much a {@link MemoryCache} holds at most. */
export interface MemoryLimits {
  readonly maxEntries: number
  readonly maxBytes: number
}

interface Entry<T> {
  readonly value: T
  readonly usableUntilMs: number
  readonly bytes: number
}

/** What an entry takes besides what its owner counts: the key, the map's slot, small objects. */
const overheadBytes = 512

/**
 * Values in memory, each until its end, bounded in number and in bytes; the least recently used goes first.
 * It starts no timers: what has ended goes when it is asked for or crowded out.
 */
export class MemoryCache<T> {
  readonly #limits: MemoryLimits
  /** In the order of use, the least recent first. */
  readonly #entries = new Map<string, Entry<T>>()
  #bytes = 0
  #evictions = 0

  constructor(limits: MemoryLimits) {
    this.#limits = limits
  }

  get entries(): number {
    return this.#entries.size
  }

  /** An estimate. */
  get bytes(): number {
    return this.#bytes
  }

  /** How many entries were crowded out before their end. */
  get evictions(): number {
    return this.#evictions
  }

  get(key: string, nowMs: number): T | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (entry.usableUntilMs <= nowMs) {
      this.#bytes -= entry.bytes
      return undefined
    }
    this.#entries.set(key, entry)
    return entry.value
  }

  /** @param valueBytes - how large the value is */
  set(key: string, value: T, usableUntilMs: number, valueBytes: number): void {
    this.delete(key)
    const bytes = valueBytes + overheadBytes
    this.#entries.set(key, { value, usableUntilMs, bytes })
    this.#bytes += bytes
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.maxEntries && this.#bytes <= this.#limits.maxBytes) break
      this.delete(oldest)
      this.#evictions++
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
  }
}
