import { callOut } from '../errors/call-out.ts'
import type { Denial } from '../errors/denial.ts'
import { describeNetworkFault } from '../http/network-fault.ts'
import type { Json, JsonObject } from '../json/json.ts'
import { isNumericDate } from '../json/numeric-date.ts'
import { fail, pass, type Result } from '../result.ts'
import type { Clock } from '../time/clock.ts'
import { inTime, late } from '../time/in-time.ts'
import type { RevocationStore } from './revocation-store.ts'
import { userKey } from './user-key.ts'

/** Whether a user's tokens still count, and who is asked. */
export interface RevocationOptions {
  /** Where cut-offs are. */
  readonly store: RevocationStore
  /**
   * What becomes of a token while the store cannot be asked: `'deny'` refuses it, so that nothing works without the store;
   * `'permit'` takes it, so that a user who was cut off gets through for as long as the store is out of reach. There is no
   * default, because only the operator knows which of the two is worse.
   */
  readonly whenUnavailable: 'deny' | 'permit'
  /** How long the store may take, in milliseconds. 1 to 2 000. Default 200. */
  readonly timeoutMs?: number | undefined
  /** Is told, in words that are safe to log, each time the store could not be asked. Default nobody is. */
  readonly onUnavailable?: ((detail: string) => void) | undefined
}

/** What is known of a user: nothing against them, or nothing at all, where that is permitted. */
export type Standing = 'current' | 'unknown'

/** Whose token it is, and when that user's first token was issued. */
export interface FirstToken {
  /** Whose people its issuer vouches for. */
  readonly org: string
  /** What identifies a user for good in the issuer's dialect. */
  readonly stableClaims: readonly string[]
  readonly claims: JsonObject
}

/** How long a store may take unless configured otherwise. */
const defaultRevocationTimeoutMs = 200

type Verdict = Result<Standing, Denial>

/**
 * Asks a store whether the user of a token was cut off after its first token was issued. What a store answers is compared with
 * `iat`: a token of the very moment of the cut-off is refused, and so is one that does not say when it was issued, whose user
 * was ever cut off.
 */
export class Revocations {
  readonly #options: RevocationOptions
  readonly #clock: Clock

  constructor(options: RevocationOptions, clock: Clock) {
    this.#options = options
    this.#clock = clock
  }

  /**
   * Judges the first token of a chain; at once when the store answers at once.
   *
   * @param deadline - ends the waiting for the store before its own time
   * @returns a denial `assertion_revoked`, `revocation_unavailable`, or `assertion_subject_missing` when nothing in the token
   * identifies its user for good
   */
  judge(
    { org, stableClaims, claims }: FirstToken,
    deadline?: { readonly signal: AbortSignal },
  ): Verdict | Promise<Verdict> {
    const user = userKey(org, stableClaims, claims)
    if (user === undefined)
      return fail({
        code: 'assertion_subject_missing',
        detail: `a claim is missing by which cut-offs find the user: ${stableClaims.join(', ')}`,
      })
    try {
      const found: unknown = this.#options.store.find(user)
      return isPromiseLike(found)
        ? this.#judgeLater(found, claims['iat'], deadline?.signal)
        : this.#compare(found, claims['iat'])
    } catch (error) {
      return this.#failed(error)
    }
  }

  async #judgeLater(
    found: PromiseLike<unknown>,
    issuedAt: Json | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Verdict> {
    const { timeoutMs = defaultRevocationTimeoutMs } = this.#options
    try {
      const cutOff = await inTime(() => Promise.resolve(found), { clock: this.#clock, timeoutMs, signal })
      return cutOff === late
        ? this.#unavailable('the store of cut-offs did not answer in time')
        : this.#compare(cutOff, issuedAt)
    } catch (error) {
      return this.#failed(error)
    }
  }

  #compare(cutOff: unknown, issuedAt: Json | undefined): Verdict {
    if (cutOff === undefined || cutOff === null) return pass('current')
    if (typeof cutOff !== 'number' || Number.isNaN(cutOff))
      return this.#unavailable('the store of cut-offs answered something else than a time')
    return isNumericDate(issuedAt) && issuedAt > cutOff
      ? pass('current')
      : fail({ code: 'assertion_revoked', detail: 'the user was cut off after the first token was issued' })
  }

  /** The message may quote what was asked; a network's own code says enough. */
  #failed(error: unknown): Verdict {
    const { code } = describeNetworkFault(error)
    return this.#unavailable(`the store of cut-offs failed${code === undefined ? '' : ` (${code})`}`)
  }

  #unavailable(detail: string): Verdict {
    const { onUnavailable, whenUnavailable } = this.#options
    // When whoever wanted to know is what has failed, nobody is left to tell.
    callOut(
      () => onUnavailable?.(detail),
      () => undefined,
    )
    return whenUnavailable === 'permit' ? pass('unknown') : fail({ code: 'revocation_unavailable', detail })
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
