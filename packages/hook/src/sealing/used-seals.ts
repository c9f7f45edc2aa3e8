import type { ErrorCode } from '@behalf/core'

/**
 * The seals that one instance has seen used, forgotten second by second once they are no longer accepted. A place is freed
 * by nothing else, so that a flood cannot make room for a replay.
 */
export class UsedSeals {
  readonly #maxClaims: number
  readonly #claimed = new Set<string>()
  readonly #byExpiry = new Map<number, string[]>()
  /** The latest expiry of what was forgotten. A clock that is set back makes what was used before acceptable again. */
  #forgottenUntil = Number.NEGATIVE_INFINITY
  #sweptAt = Number.NEGATIVE_INFINITY

  constructor(maxClaims: number) {
    this.#maxClaims = maxClaims
  }

  /**
   * Takes note of a seal.
   *
   * @param expiresAt - when it is accepted for the last time, in seconds since the epoch
   * @returns why it must not be used, or undefined when this was the first use
   */
  claim(clientId: string, jti: string, expiresAt: number, nowSeconds: number): ErrorCode | undefined {
    this.#forget(Math.floor(nowSeconds))
    if (expiresAt < nowSeconds || expiresAt <= this.#forgottenUntil) return 'seal_expired'
    const seal = JSON.stringify([clientId, jti])
    if (this.#claimed.has(seal)) return 'seal_replayed'
    if (this.#claimed.size >= this.#maxClaims) return 'overloaded'
    this.#claimed.add(seal)
    const others = this.#byExpiry.get(expiresAt)
    if (others === undefined) this.#byExpiry.set(expiresAt, [seal])
    else others.push(seal)
    return undefined
  }

  #forget(nowSeconds: number): void {
    if (nowSeconds === this.#sweptAt) return
    this.#sweptAt = nowSeconds
    for (const [expiresAt, seals] of this.#byExpiry) {
      if (expiresAt >= nowSeconds) continue
      for (const seal of seals) this.#claimed.delete(seal)
      this.#byExpiry.delete(expiresAt)
      this.#forgottenUntil = Math.max(this.#forgottenUntil, expiresAt)
    }
  }
}
