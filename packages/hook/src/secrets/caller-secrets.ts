import type { Clock } from '@behalf/core'
import { ComparableText, isUsableSecret } from './secret.ts'
import type { SecretSource } from './secret-source.ts'

/** How long a request waits for secrets, which is also how long a fetch may take. */
const timeoutMs = 800
/** How many callers that do not authenticate may wait for secrets at once; Okta makes fewer calls at a time. */
const maxWaiting = 100
/** After an answer of the source, failed authentication makes it be asked again no sooner than this. */
const refreshPeriodMs = 60_000
/** After a failure of the source, or while it has never answered, no sooner than this. */
const retryPeriodMs = 3_000

/**
 * The secrets that Okta may call with. Those of a source are fetched by {@link CallerSecrets.load} or when first
 * needed, and again when a caller does not authenticate, so that a rotation is noticed: a minute after an
 * answer at the earliest, three seconds after a failure, so that an attacker cannot cause many calls. While
 * the source fails, the secrets known before count.
 */
export class CallerSecrets {
  readonly #source: SecretSource | undefined
  readonly #clock: Clock
  #accepted: readonly ComparableText[] | undefined
  #askAgainAt = Number.NEGATIVE_INFINITY
  #flight: Promise<void> | undefined
  #waiting = 0
  #fault: string | undefined

  constructor(secrets: readonly string[] | SecretSource, clock: Clock) {
    this.#clock = clock
    if (typeof secrets === 'function') {
      this.#source = secrets
    } else {
      this.#accepted = secrets.map((secret) => new ComparableText(secret))
    }
  }

  /** Fetches the secrets if there are none yet; returns why that failed, in words that are safe to log. */
  async load(): Promise<string | undefined> {
    if (this.#accepted === undefined) await this.#refresh()
    return this.#fault
  }

  /** Why the last fetch failed; undefined when it did not. */
  get fault(): string | undefined {
    return this.#fault
  }

  /** Whether a header's value is one of the secrets; immediate when it is. */
  accepts(value: string): boolean | Promise<boolean> {
    const presented = new ComparableText(value)
    return isOneOf(this.#accepted, presented) || (this.#source !== undefined && this.#acceptsAnew(presented))
  }

  async #acceptsAnew(presented: ComparableText): Promise<boolean> {
    // Others would only take the places of callers that do authenticate.
    if (this.#accepted !== undefined && this.#waiting >= maxWaiting) return false
    this.#waiting++
    await this.#refresh()
    this.#waiting--
    return isOneOf(this.#accepted, presented)
  }

  /** Joins the fetch under way, or starts one unless the last is too recent. Never rejects. */
  #refresh(): Promise<void> {
    if (this.#flight !== undefined) return this.#flight
    if (this.#source === undefined || this.#clock.now() < this.#askAgainAt) return Promise.resolve()
    this.#flight = this.#fetch(this.#source).finally(() => {
      this.#flight = undefined
    })
    return this.#flight
  }

  async #fetch(source: SecretSource): Promise<void> {
    const abort = new AbortController()
    const late = Promise.withResolvers<'late'>()
    const cancelTimeout = this.#clock.schedule(() => {
      late.resolve('late')
      abort.abort()
    }, timeoutMs)
    try {
      const secrets = await Promise.race([source(abort.signal), late.promise])
      if (secrets === 'late') this.#fault = 'they did not arrive in time'
      else if (!areUsable(secrets))
        this.#fault = 'they are none, or not visible ASCII of up to 512 characters'
      else {
        this.#accepted = secrets.map((secret) => new ComparableText(secret))
        this.#fault = undefined
      }
    } catch (error) {
      // The message may quote what was fetched; the name, e.g. AccessDeniedException, says enough.
      this.#fault = `${error instanceof Error ? error.name : typeof error} was thrown`
    } finally {
      cancelTimeout()
    }
    this.#askAgainAt = this.#clock.now() + (this.#fault === undefined ? refreshPeriodMs : retryPeriodMs)
  }
}

/** A source is the operator's code and may return anything. */
function areUsable(secrets: unknown): secrets is readonly string[] {
  return Array.isArray(secrets) && secrets.length > 0 && secrets.every(isUsableSecret)
}

/** Compares with all of them, so that the time does not tell which one it was. */
function isOneOf(accepted: readonly ComparableText[] | undefined, presented: ComparableText): boolean {
  let found = false
  for (const secret of accepted ?? []) found = secret.equals(presented) || found
  return found
}
