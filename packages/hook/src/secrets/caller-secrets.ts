import type { Clock } from '@behalf/core'
import { Places } from '@behalf/core/internal'
import { type FetchedSecrets, fetchedSecrets } from './fetched-secrets.ts'
import { ComparableText } from './secret.ts'
import type { SecretSource } from './secret-source.ts'

/**
 * The secrets that Okta may call with. Those of sources are fetched by {@link CallerSecrets.load} or when first
 * needed, again when they have grown old, so that one that was taken out counts no longer, and again when a caller
 * does not authenticate, so that a rotation is noticed: a minute after the last good answer to such a caller at the
 * earliest, three seconds after a failure, so that an attacker cannot cause many calls. While a source fails, what it
 * last answered counts.
 */
export class CallerSecrets {
  readonly #configured: readonly ComparableText[]
  readonly #sources: readonly FetchedSecrets[]
  readonly #places: Places

  /** @param maxWaiting - how many callers that do not authenticate may wait at once; Okta makes fewer calls at a time */
  constructor(secrets: readonly (string | SecretSource)[], clock: Clock, maxWaiting = 100) {
    this.#places = new Places(maxWaiting)
    this.#configured = secrets.flatMap((secret) =>
      typeof secret === 'string' ? [new ComparableText(secret)] : [],
    )
    this.#sources = secrets.flatMap((secret) =>
      typeof secret === 'string' ? [] : [fetchedSecrets(secret, clock)],
    )
  }

  /** Fetches the secrets that are not known yet or aging; returns why that failed, in words that are safe to log. */
  async load(): Promise<string | undefined> {
    await Promise.all(this.#sources.map((source) => source.load()))
    return this.fault
  }

  /** Why the last fetch of one of the sources failed; undefined when none did. */
  get fault(): string | undefined {
    return this.#sources.find(({ fault }) => fault !== undefined)?.fault
  }

  /** Whether there is any secret that Okta could call with. */
  get ready(): boolean {
    return this.#configured.length > 0 || this.#sources.some(({ value }) => value !== undefined)
  }

  /** Whether a header's value is one of the secrets; immediate when it is, unless they have grown old. */
  accepts(value: string): boolean | Promise<boolean> {
    const presented = new ComparableText(value)
    let isOutdated = false
    for (const source of this.#sources) {
      // What has never been answered is asked for, but others need not wait for it.
      if (source.peek() === undefined && source.value !== undefined) isOutdated = true
    }
    const isKnown = this.#isKnown(presented)
    if (isKnown && !isOutdated) return true
    return this.#sources.length > 0 && this.#acceptsAnew(presented, isKnown)
  }

  async #acceptsAnew(presented: ComparableText, wasKnown: boolean): Promise<boolean> {
    if (wasKnown) await Promise.all(this.#sources.map((source) => source.fresh()))
    else {
      const asked = (): Promise<unknown> => Promise.all(this.#sources.map((source) => source.askAgain()))
      // Those that do not authenticate must leave room for callers that do. Before anything is known, all wait.
      if (!this.ready) await asked()
      else if (!(await this.#places.during(asked))) return false
    }
    return this.#isKnown(presented)
  }

  /** Compares with all of them, so that the time does not tell which one it was. */
  #isKnown(presented: ComparableText): boolean {
    let found = false
    for (const secret of this.#configured) found = secret.equals(presented) || found
    for (const { value } of this.#sources)
      for (const secret of value ?? []) found = secret.equals(presented) || found
    return found
  }
}
