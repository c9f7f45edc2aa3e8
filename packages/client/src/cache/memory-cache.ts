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

/** What an entry takes besides key and value: the slots of two maps, small objects; measured. */
const overheadBytes = 930

/**
 * Values in memory, each until its end, bounded in number and in bytes; the least recently used goes first.
 * It starts no timers: what has ended goes when it is asked for or crowded out.
 */
export class MemoryCache<T> {
  readonly #limits: MemoryLimits
  readonly #familyOf: (key: string) => string
  /** In the order of use, the least recent first. */
  readonly #entries = new Map<string, Entry<T>>()
  /** The keys of each family; most have one. */
  readonly #families = new Map<string, string | Set<string>>()
  #bytes = 0
  #evictions = 0

  /** @param familyOf - what an entry can be deleted with others by */
  constructor(limits: MemoryLimits, familyOf: (key: string) => string) {
    this.#limits = limits
    this.#familyOf = familyOf
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
    if (entry.usableUntilMs <= nowMs) {
      this.delete(key)
      return undefined
    }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  /** @param valueBytes - how large the value is */
  set(key: string, value: T, usableUntilMs: number, valueBytes: number): void {
    this.delete(key)
    const bytes = key.length + valueBytes + overheadBytes
    this.#entries.set(key, { value, usableUntilMs, bytes })
    this.#join(this.#familyOf(key), key)
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
    this.#leave(this.#familyOf(key), key)
    this.#bytes -= entry.bytes
  }

  /** The keys of a family. */
  keysOf(family: string): readonly string[] {
    const keys = this.#families.get(family) ?? []
    return typeof keys === 'string' ? [keys] : [...keys]
  }

  #join(family: string, key: string): void {
    const keys = this.#families.get(family)
    if (keys === undefined) this.#families.set(family, key)
    else if (typeof keys === 'string') this.#families.set(family, new Set([keys, key]))
    else keys.add(key)
  }

  #leave(family: string, key: string): void {
    const keys = this.#families.get(family)
    if (typeof keys === 'object' && keys.delete(key) && keys.size > 0) return
    this.#families.delete(family)
  }
}
