import type { Clock } from '@behalf/core'
import { KeptFresh, Places } from '@behalf/core/internal'
import { type FetchedSecrets, fetchedSecrets, type SecretReader } from './fetched-secrets.ts'
import type { SecretSource } from './secret-source.ts'

/** How {@link KnownSecrets} become known. */
export interface KnownSecretsOptions<T> {
  /** In order: those that are known at once, and sources of others. */
  readonly configured: readonly (readonly T[] | SecretSource)[]
  /** Makes of a source's answer what is used of it. */
  readonly read: SecretReader<T>
  readonly clock: Clock
  /** How many that look for what is not there may wait at once, so that others find room. */
  readonly maxWaiting: number
}

/**
 * Secrets that are configured or that sources give out. Those of sources are fetched by {@link KnownSecrets.load} or when
 * first needed, again when they have grown old, so that one that was taken out counts no longer, and again when somebody
 * looks for what is not among them, so that a rotation is noticed: a minute after the last good answer to such a question
 * at the earliest, three seconds after a failure, so that an attacker cannot cause many calls. While a source fails, what
 * it last answered counts.
 */
export class KnownSecrets<T> {
  readonly #parts: readonly (readonly T[] | FetchedSecrets<T>)[]
  readonly #sources: readonly FetchedSecrets<T>[]
  readonly #places: Places

  constructor({ configured, read, clock, maxWaiting }: KnownSecretsOptions<T>) {
    this.#places = new Places(maxWaiting)
    const sources: FetchedSecrets<T>[] = []
    this.#parts = configured.map((part) => {
      if (typeof part !== 'function') return part
      const source = fetchedSecrets(part, read, clock)
      sources.push(source)
      return source
    })
    this.#sources = sources
  }

  /** Fetches those that are not known yet or aging; returns why that failed, in words that are safe to log. */
  async load(): Promise<string | undefined> {
    await Promise.all(this.#sources.map((source) => source.load()))
    return this.fault
  }

  /** Why the last fetch of one of the sources failed; undefined when none did. */
  get fault(): string | undefined {
    return this.#sources.find(({ fault }) => fault !== undefined)?.fault
  }

  /** Whether there are any. */
  get ready(): boolean {
    return this.#parts.some((part) =>
      part instanceof KeptFresh ? part.value !== undefined : part.length > 0,
    )
  }

  /** Those that are there, in the order of the configuration; nobody is asked. */
  get known(): readonly T[] {
    return this.#parts.flatMap((part) => (part instanceof KeptFresh ? (part.value ?? []) : part))
  }

  /** Those that count now, after those that have grown old were fetched again. */
  async fresh(): Promise<readonly T[]> {
    await Promise.all(this.#sources.map((source) => source.fresh()))
    return this.known
  }

  /**
   * Looks for one; immediate when it is there, unless they have grown old.
   *
   * @param matches - asked about each of them, so that the time does not tell which one it was
   */
  find(matches: (secret: T) => boolean): T | undefined | Promise<T | undefined> {
    let isOutdated = false
    for (const source of this.#sources) {
      // What has never been answered is asked for, but others need not wait for it.
      if (source.peek() === undefined && source.value !== undefined) isOutdated = true
    }
    const known = this.#known(matches)
    if ((known !== undefined && !isOutdated) || this.#sources.length === 0) return known
    return this.#findAnew(matches, known !== undefined)
  }

  async #findAnew(matches: (secret: T) => boolean, wasKnown: boolean): Promise<T | undefined> {
    if (wasKnown) await Promise.all(this.#sources.map((source) => source.fresh()))
    else {
      const asked = (): Promise<unknown> => Promise.all(this.#sources.map((source) => source.askAgain()))
      // Those that look for what is not there must leave room for others. Before anything is known, all wait.
      if (!this.ready) await asked()
      else if (!(await this.#places.during(asked))) return undefined
    }
    return this.#known(matches)
  }

  #known(matches: (secret: T) => boolean): T | undefined {
    let found: T | undefined
    for (const part of this.#parts)
      for (const secret of part instanceof KeptFresh ? (part.value ?? []) : part)
        if (matches(secret)) found ??= secret
    return found
  }
}
