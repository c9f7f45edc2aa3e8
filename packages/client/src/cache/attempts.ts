/** One way to a token that is under way: a read of the shared store, or an exchange. */
export interface Attempt {
  /** Whether what it brings counts no longer, because one that began later has ended before it. */
  readonly outdated: boolean
}

/** The attempts under way for each key, in the order they began. */
export class Attempts {
  readonly #underWay = new Map<string, Set<{ outdated: boolean }>>()

  /** Runs an attempt, which asks whether it counts once it has something. */
  async run<T>(key: string, work: (attempt: Attempt) => Promise<T>): Promise<T> {
    const attempt = { outdated: false }
    const attempts = this.#underWay.get(key) ?? new Set()
    this.#underWay.set(key, attempts.add(attempt))
    try {
      return await work(attempt)
    } finally {
      attempts.delete(attempt)
      if (attempts.size === 0) this.#underWay.delete(key)
    }
  }

  /** Makes all attempts that began before this one outdated, or all that are under way. */
  outdate(key: string, before?: Attempt): void {
    for (const attempt of this.#underWay.get(key) ?? []) {
      if (attempt === before) return
      attempt.outdated = true
    }
  }

  /** Makes all attempts for the keys of a family outdated. */
  outdateFamily(family: string): void {
    for (const key of this.#underWay.keys()) if (key.startsWith(family)) this.outdate(key)
  }
}
