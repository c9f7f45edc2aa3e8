import type { JsonObject } from './json.ts'
import { type PrivateJwk, SigningKey } from './signing-key.ts'

/** The keys of a server as they are exported: private, the active one first. */
export interface SigningKeysState {
  readonly active: PrivateJwk
  readonly next?: PrivateJwk
  readonly expired: readonly PrivateJwk[]
}

/** The keys of one authorization server: one signs, one may be announced, old ones stay published. */
export class SigningKeys {
  #active: SigningKey
  #next: SigningKey | undefined
  #expired: readonly SigningKey[]

  private constructor(active: SigningKey, next?: SigningKey, expired: readonly SigningKey[] = []) {
    this.#active = active
    this.#next = next
    this.#expired = expired
  }

  /** Starts with the given key, or with a new RSA key of 2048 bits. */
  static async create(key?: PrivateJwk): Promise<SigningKeys> {
    return new SigningKeys(key === undefined ? await SigningKey.generate() : await SigningKey.from(key))
  }

  /** Takes up exported keys. */
  static async restore({ active, next, expired }: SigningKeysState): Promise<SigningKeys> {
    return new SigningKeys(
      await SigningKey.from(active),
      next === undefined ? undefined : await SigningKey.from(next),
      await Promise.all(expired.map((key) => SigningKey.from(key))),
    )
  }

  /** The key that signs. */
  get active(): SigningKey {
    return this.#active
  }

  /** The key that is published and does not sign yet. */
  get next(): SigningKey | undefined {
    return this.#next
  }

  /** Keys that no longer sign and are still published. */
  get expired(): readonly SigningKey[] {
    return this.#expired
  }

  get state(): SigningKeysState {
    return {
      active: this.#active.privateJwk,
      ...(this.#next === undefined ? {} : { next: this.#next.privateJwk }),
      expired: this.#expired.map((key) => key.privateJwk),
    }
  }

  /** What the keys endpoint publishes: the announced key included. */
  get published(): readonly JsonObject[] {
    const next = this.#next === undefined ? [] : [this.#next]
    return [this.#active, ...next, ...this.#expired].map((key) => key.publicJwk)
  }

  /** Publishes a new key that does not sign yet; an announced one is kept. */
  async announce(): Promise<string> {
    this.#next ??= await SigningKey.generate()
    return this.#next.kid
  }

  /** Signs with the announced key from now on, or by surprise with a new one; the old one stays published. */
  async rotate(): Promise<string> {
    const next = this.#next ?? (await SigningKey.generate())
    this.#expired = [this.#active, ...this.#expired]
    this.#active = next
    this.#next = undefined
    return next.kid
  }

  /** Takes old keys off the keys endpoint: the named one, or all that no longer sign. */
  withdraw(kid?: string): void {
    this.#expired = kid === undefined ? [] : this.#expired.filter((key) => key.kid !== kid)
  }

  /** The claims of a JWT that one of the signing keys has signed. It checks nothing but the signature. */
  async open(jwt: string): Promise<JsonObject | undefined> {
    for (const key of [this.#active, ...this.#expired]) {
      const claims = await key.open(jwt)
      if (claims !== undefined) return claims
    }
    return undefined
  }
}
