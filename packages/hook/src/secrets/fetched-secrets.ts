import type { Clock } from '@behalf/core'
import { isRecent } from '@behalf/core/internal'
import { describeError } from '../errors/internal-error.ts'
import { ComparableText, whySecretUnusable } from './secret.ts'
import type { SecretSource } from './secret-source.ts'

/** How long a request waits for secrets, which is also how long a fetch may take. */
const timeoutMs = 800
/** A fetch that began longer ago has ended without a word: its runtime was frozen, or had dropped what a request began. */
const deadAfterMs = 2 * timeoutMs
/** From this age on a use starts a fetch in the background, and from the next one it waits for the fetch. */
const refreshAfterMs = 300_000
const maxAgeMs = 600_000
/** After an answer of the source, failed authentication makes it be asked again no sooner than this. */
const refreshPeriodMs = 60_000
/** After a failure of the source, or while it has never answered, no sooner than this. */
const retryPeriodMs = 3_000

/** The secrets of one source, as it last answered. */
export class FetchedSecrets {
  readonly #source: SecretSource
  readonly #clock: Clock
  #accepted: readonly ComparableText[] | undefined
  #answeredAt = Number.NEGATIVE_INFINITY
  #askedAt = Number.NEGATIVE_INFINITY
  #failedAt = Number.NEGATIVE_INFINITY
  #flight: Promise<void> | undefined
  #fault: string | undefined

  constructor(source: SecretSource, clock: Clock) {
    this.#source = source
    this.#clock = clock
  }

  /** Those that are known; undefined before the first answer. */
  get accepted(): readonly ComparableText[] | undefined {
    return this.#accepted
  }

  /** Why the last fetch failed, in words that are safe to log; undefined when it did not. */
  get fault(): string | undefined {
    return this.#fault
  }

  /** Whether a secret that was taken out of the source could still be among them. While the source fails they count. */
  get isOutdated(): boolean {
    const hasJustFailed = isRecent(this.#clock, this.#failedAt, retryPeriodMs + timeoutMs)
    return this.#accepted !== undefined && !hasJustFailed && !this.#isYoungerThan(maxAgeMs)
  }

  /** Whether it is time to ask the source, without haste. */
  get isAging(): boolean {
    return !this.#isYoungerThan(refreshAfterMs)
  }

  /** A clock that was set back must not make them younger. */
  #isYoungerThan(limitMs: number): boolean {
    const ageMs = this.#clock.now() - this.#answeredAt
    return ageMs >= 0 && ageMs < limitMs
  }

  /** Fetches the secrets if there are none yet or they are aging, and waits for a fetch that is under way. */
  async load(): Promise<void> {
    if (this.#flight !== undefined || this.isAging) await this.refresh()
  }

  /** Joins the fetch under way, or starts one unless the last is too recent. Never rejects. */
  refresh(): Promise<void> {
    if (this.#flight !== undefined && isRecent(this.#clock, this.#askedAt, deadAfterMs)) return this.#flight
    const periodMs =
      this.#accepted === undefined || this.#fault !== undefined ? retryPeriodMs : refreshPeriodMs
    if (this.#flight === undefined && isRecent(this.#clock, this.#askedAt, periodMs)) return Promise.resolve()
    const flight = this.#fetch().finally(() => {
      if (this.#flight === flight) this.#flight = undefined
    })
    this.#flight = flight
    return flight
  }

  async #fetch(): Promise<void> {
    const askedAt = this.#clock.now()
    this.#askedAt = askedAt
    const abort = new AbortController()
    const late = Promise.withResolvers<'late'>()
    const cancelTimeout = this.#clock.schedule(() => {
      late.resolve('late')
      abort.abort()
    }, timeoutMs)
    try {
      const secrets = await Promise.race([this.#source(abort.signal), late.promise])
      // Another fetch was started in the meantime, and knows better.
      if (this.#askedAt !== askedAt) return
      if (secrets === 'late') this.#fault = 'they did not arrive in time'
      else if (!areSecrets(secrets)) this.#fault = whyNone(secrets)
      else {
        this.#accepted = secrets.map((secret) => new ComparableText(secret))
        this.#answeredAt = askedAt
        this.#fault = undefined
      }
    } catch (error) {
      if (this.#askedAt !== askedAt) return
      // The message may quote what was fetched; the name, e.g. AccessDeniedException, says enough.
      this.#fault = `${describeError(error).name}${describeCode(error)} was thrown`
    } finally {
      cancelTimeout()
    }
    if (this.#fault === undefined) this.#failedAt = Number.NEGATIVE_INFINITY
    // One that was stopped by a frozen runtime says nothing about the source.
    else if (isRecent(this.#clock, askedAt, deadAfterMs)) this.#failedAt = this.#clock.now()
  }
}

/** The code of a system's error, such as ENOENT. */
function describeCode(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z_]{1,30}$/.test(code) ? ` (${code})` : ''
}

/** A source is the operator's code and may return anything. */
function areSecrets(secrets: unknown): secrets is readonly string[] {
  return whyNone(secrets) === undefined
}

function whyNone(secrets: unknown): string | undefined {
  if (!Array.isArray(secrets) || secrets.length === 0) return 'they are none'
  const problems = secrets.map((secret) =>
    typeof secret === 'string' ? whySecretUnusable(secret) : 'is no text',
  )
  const problem = problems.find((found) => found !== undefined)
  return problem === undefined ? undefined : `one of them ${problem}`
}
