/** For how long an issuer's keys are trusted, and what obtaining them may cost. */
export interface KeyLimits {
  /** After this age keys are fetched anew before they are used; a withdrawn key is trusted no longer. Default 10 minutes. */
  readonly maxAgeMs?: number
  /** From this age on a use starts a refresh in the background. Default: half of `maxAgeMs`. */
  readonly refreshAfterMs?: number
  /**
   * For how long after the last good answer keys serve while the issuer does not give a good one; never less
   * than `maxAgeMs`. Default 24 hours.
   */
  readonly staleForMs?: number
  /** At most one good answer in this time is asked for because of unknown `kid`s. Default 10 seconds. */
  readonly unknownKeyCooldownMs?: number
  /** How soon after the start of a failed fetch another is started. Default 3 seconds. */
  readonly retryAfterMs?: number
  /** How long one verification waits for a fetch. Default 800 ms. */
  readonly waitMs?: number
  /** When a fetch, discovery included, is given up; it may outlast the verifications that wait for it. Default 4 seconds. */
  readonly fetchTimeoutMs?: number
  /** The largest document that is read. Default 256 KiB. */
  readonly maxBytes?: number
}

/**
 * Fills in the defaults.
 *
 * @throws TypeError when a limit is not a number from 0, because with `NaN` keys would never grow old
 */
export function resolveKeyLimits(limits: KeyLimits): Required<KeyLimits> {
  const { maxAgeMs = 600_000, staleForMs = 86_400_000 } = limits
  const resolved = {
    maxAgeMs,
    refreshAfterMs: limits.refreshAfterMs ?? maxAgeMs / 2,
    // Keys that are not old yet are not stale either.
    staleForMs: Math.max(staleForMs, maxAgeMs),
    unknownKeyCooldownMs: limits.unknownKeyCooldownMs ?? 10_000,
    retryAfterMs: limits.retryAfterMs ?? 3_000,
    waitMs: limits.waitMs ?? 800,
    fetchTimeoutMs: limits.fetchTimeoutMs ?? 4_000,
    maxBytes: limits.maxBytes ?? 262_144,
  }
  const unusable = Object.entries(resolved).filter(([, value]) => !(value >= 0))
  if (unusable.length > 0) {
    throw new TypeError(`not a number from 0: ${unusable.map(([name]) => name).join(', ')}`)
  }
  return resolved
}
