import { createHash } from 'node:crypto'

/** What a proof is remembered by. A thumbprint has a fixed length, so the two cannot run into each other. */
export function proofId(thumbprint: string, jti: string): string {
  return createHash('sha256').update(thumbprint).update(jti).digest('base64url')
}

/**
 * The proofs of the last while, so that each is accepted once. It is bounded: when it is full of proofs that
 * could still be replayed, no further one is accepted. It remembers for this process only.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-11.1
 */
export class ReplayCache {
  readonly #until = new Map<string, number>()
  readonly #rememberSeconds: number
  readonly #maxEntries: number

  /** @param rememberSeconds - at least as long as a proof can be valid */
  constructor(rememberSeconds: number, maxEntries: number) {
    this.#rememberSeconds = rememberSeconds
    this.#maxEntries = maxEntries
  }

  /** Remembers a proof; `replayed` when it is remembered already, `full` when there is no room for it. */
  remember(thumbprint: string, jti: string, nowSeconds: number): 'new' | 'replayed' | 'full' {
    this.#forget(nowSeconds)
    const key = proofId(thumbprint, jti)
    if (this.#until.has(key)) return 'replayed'
    if (this.#until.size >= this.#maxEntries) return 'full'
    this.#until.set(key, nowSeconds + this.#rememberSeconds)
    return 'new'
  }

  /** Every proof is remembered equally long, so the oldest entries are the first to end. */
  #forget(nowSeconds: number): void {
    for (const [key, until] of this.#until) {
      if (until > nowSeconds) return
      this.#until.delete(key)
    }
  }
}
