/** One way to a token that is under way: a read of the shared store, or an exchange. */
export interface Attempt {
  readonly key: string
  /** Whether what it brings counts no longer, because one that began later has ended before it. */
  readonly outdated: boolean
}

/** Bounds what is left of attempts that never end: on Workers those of requests that went away. */
const maxUnderWay = 10_000

/** The attempts under way, in the order they began. */
export class Attempts {
  readonly #underWay = new Set<{ readonly key: string; outdated: boolean }>()

  /** Runs an attempt, which asks whether it counts once it has something. */
  async run<T>(key: string, work: (attempt: Attempt) => Promise<T>): Promise<T> {
    const attempt = { key, outdated: false }
    const [oldest] = this.#underWay
    if (oldest !== undefined && this.#underWay.size >= maxUnderWay) {
      // What nobody could outdate any more must not count.
      oldest.outdated = true
      this.#underWay.delete(oldest)
    }
    this.#underWay.add(attempt)
    try {
      return await work(attempt)
    } finally {
      this.#underWay.delete(attempt)
    }
  }

  /** Makes all attempts that began before this one outdated, or all that are under way. */
  outdate(key: string, before?: Attempt): void {
    for (const attempt of this.#underWay) {
      if (attempt === before) return
      if (attempt.key === key) attempt.outdated = true
    }
  }

  /** Makes all attempts for the keys of a family outdated. */
  outdateFamily(family: string): void {
    for (const attempt of this.#underWay) if (attempt.key.startsWith(family)) attempt.outdated = true
  }
}
