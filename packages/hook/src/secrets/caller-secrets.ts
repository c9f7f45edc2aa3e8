import { Buffer } from 'node:buffer'
import { createHash, timingSafeEqual } from 'node:crypto'
import { type Clock, deny, type Outcome, pass } from '@behalf/core'
import { type SecretSource, secretPattern } from './secret-source.ts'

/** How long one request waits for secrets, and how long one fetch of them may take. */
const waitMs = 800
/** After an answer of the source, failed authentication makes it be asked again no sooner than this. */
const refreshPeriodMs = 60_000
/** While the source has not answered yet, or failed, it is asked again no sooner than this. */
const retryPeriodMs = 1_000

/**
 * The secrets that Okta may call with. Only their digests are kept. Those of a source are fetched when first
 * needed and once more when a caller does not authenticate, at most once a minute, so that a rotation is
 * noticed and an attacker cannot make many calls. While the source fails, the secrets known before count.
 */
export class CallerSecrets {
  readonly #source: SecretSource | undefined
  readonly #clock: Clock
  #digests: readonly Buffer[] | undefined
  #askAgainAt = Number.NEGATIVE_INFINITY
  #flight: Promise<void> | undefined

  constructor(secrets: readonly string[] | SecretSource, clock: Clock) {
    this.#clock = clock
    if (typeof secrets === 'function') this.#source = secrets
    else this.#digests = secrets.map(digest)
  }

  /** Fetches the secrets if there are none yet; afterwards they are there or the source has failed. */
  async load(): Promise<void> {
    if (this.#digests === undefined) await this.#refresh()
  }

  /** Whether there is anything to compare with. */
  get ready(): boolean {
    return this.#digests !== undefined
  }

  /** Whether a header's value is one of the secrets; immediate when it is. */
  accepts(value: string): boolean | Promise<boolean> {
    const presented = digest(value)
    return isOneOf(this.#digests, presented) || (this.#source !== undefined && this.#acceptsAnew(presented))
  }

  async #acceptsAnew(presented: Buffer): Promise<boolean> {
    await this.#refresh()
    return isOneOf(this.#digests, presented)
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
    const fetched = await askInTime(source, this.#clock)
    const period = fetched.ok ? refreshPeriodMs : retryPeriodMs
    this.#askAgainAt = this.#clock.now() + period
    if (fetched.ok) this.#digests = fetched.value.map(digest)
  }
}

/** Compares digests, so that neither the length nor the place of a difference shows in the time. */
function isOneOf(digests: readonly Buffer[] | undefined, presented: Buffer): boolean {
  let found = false
  for (const accepted of digests ?? []) found = timingSafeEqual(accepted, presented) || found
  return found
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
