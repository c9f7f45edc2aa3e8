import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { Clock } from '../org/clock.ts'

interface Entry {
  readonly payload: AdapterPayload
  /** Milliseconds since the epoch, by the org's clock. */
  readonly expiresAt: number
}

const keptEntries = 20_000

/**
 * What an authorization server remembers: sessions, codes, grants, tokens. Lifetimes follow the org's clock;
 * the oldest entries go when it is full.
 */
export class Store {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The part of the store that holds one model of `oidc-provider`; clients are looked up, not stored. */
  adapter(model: string, findClient: (clientId: string) => AdapterPayload | undefined): Adapter {
    const keyOf = (id: string): string => `${model}:${id}`
    return {
      find: async (id) => (model === 'Client' ? findClient(id) : this.#find(keyOf(id))),
      findByUid: async (uid) => this.#findBy(model, 'uid', uid),
      findByUserCode: async (userCode) => this.#findBy(model, 'userCode', userCode),
      upsert: async (id, payload, expiresIn) => this.#insert(keyOf(id), payload, expiresIn),
      consume: async (id) => this.#consume(keyOf(id)),
      destroy: async (id) => void this.#entries.delete(keyOf(id)),
      revokeByGrantId: async (grantId) => this.#revoke(model, grantId),
    }
  }

  #insert(key: string, payload: AdapterPayload, expiresInSeconds = Number.POSITIVE_INFINITY): void {
    // Inserted anew, so that the oldest entry is the first of the map.
    this.#entries.delete(key)
    this.#entries.set(key, { payload, expiresAt: this.#clock.now() + expiresInSeconds * 1000 })
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= keptEntries) break
      this.#entries.delete(oldest)
    }
  }

  #find(key: string): AdapterPayload | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    const leftMs = entry.expiresAt - this.#clock.now()
    if (leftMs <= 0) {
      this.#entries.delete(key)
      return undefined
    }
    // `oidc-provider` judges `exp` by the machine's clock, so it is told what is left by the org's.
    return Number.isFinite(leftMs)
      ? { ...entry.payload, exp: Math.ceil((Date.now() + leftMs) / 1000) }
      : entry.payload
  }

  #findBy(model: string, member: 'uid' | 'userCode', value: string): AdapterPayload | undefined {
    for (const [key, { payload }] of this.#entries) {
      if (key.startsWith(`${model}:`) && payload[member] === value) return this.#find(key)
    }
    return undefined
  }

  #consume(key: string): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) entry.payload.consumed = Math.floor(this.#clock.now() / 1000)
  }

  #revoke(model: string, grantId: string): void {
    for (const [key, { payload }] of this.#entries) {
      if (key.startsWith(`${model}:`) && payload.grantId === grantId) this.#entries.delete(key)
    }
  }
}
