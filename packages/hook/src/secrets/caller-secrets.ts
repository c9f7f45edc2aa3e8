import type { Clock } from '@behalf/core'
import { FetchedSecrets } from './fetched-secrets.ts'
import { ComparableText } from './secret.ts'
import type { SecretSource } from './secret-source.ts'

/**
 * The secrets that Okta may call with. Those of sources are fetched by {@link CallerSecrets.load} or when first
 * needed, again when they have grown old, so that one that was taken out counts no longer, and again when a caller
 * does not authenticate, so that a rotation is noticed: a minute after an answer at the earliest, three seconds after
 * a failure, so that an attacker cannot cause many calls. While a source fails, what it last answered counts.
 */
export class CallerSecrets {
  readonly #configured: readonly ComparableText[]
  readonly #sources: readonly FetchedSecrets[]
  readonly #maxWaiting: number
  #waiting = 0

  /** @param maxWaiting - how many callers that do not authenticate may wait at once; Okta makes fewer calls at a time */
  constructor(secrets: readonly (string | SecretSource)[], clock: Clock, maxWaiting = 100) {
    this.#maxWaiting = maxWaiting
    this.#configured = secrets.flatMap((secret) =>
      typeof secret === 'string' ? [new ComparableText(secret)] : [],
    )
    this.#sources = secrets.flatMap((secret) =>
      typeof secret === 'string' ? [] : [new FetchedSecrets(secret, clock)],
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
    return this.#configured.length > 0 || this.#sources.some(({ accepted }) => accepted !== undefined)
  }

  /** Whether a header's value is one of the secrets; immediate when it is, unless they have grown old. */
  accepts(value: string): boolean | Promise<boolean> {
    const presented = new ComparableText(value)
    if (this.#sources.some(({ isOutdated }) => isOutdated)) return this.#acceptsAnew(presented)
    for (const source of this.#sources) if (source.isAging) void source.refresh()
    return this.#isKnown(presented) || (this.#sources.length > 0 && this.#acceptsAnew(presented))
  }

  async #acceptsAnew(presented: ComparableText): Promise<boolean> {
    // Others would only take the places of callers that do authenticate. One that was known waits, to be known still.
    if (this.ready && this.#waiting >= this.#maxWaiting && !this.#isKnown(presented)) return false
    this.#waiting++
    await Promise.all(this.#sources.map((source) => source.refresh()))
    this.#waiting--
    return this.#isKnown(presented)
  }

  /** Compares with all of them, so that the time does not tell which one it was. */
  #isKnown(presented: ComparableText): boolean {
    let found = false
    for (const secret of this.#configured) found = secret.equals(presented) || found
    for (const { accepted } of this.#sources)
      for (const secret of accepted ?? []) found = secret.equals(presented) || found
    return found
  }
}
