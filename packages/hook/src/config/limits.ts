import * as v from 'valibot'
import { closedObject } from '../errors/schema-faults.ts'
import type { SectionSchema } from './section.ts'
import type { Settled } from './settled.ts'
import { wholeNumberOr } from './values.ts'

/** Bounds what one request may cost: whole numbers, in milliseconds (`…Ms`) or bytes (`…Bytes`). */
export interface LimitsConfig {
  /**
   * From the first byte of a request to its answer; Okta waits 3 000, so that more than 2 750 counts as 2 750:
   * docs/decisions/0024-from-the-first-byte.md. 100 to 2 800. Default 2 000.
   */
  readonly deadlineMs?: number | undefined
  /** How long the policy may take. 10 to 2 500. Default 800. */
  readonly policyTimeoutMs?: number | undefined
  /** How many actors a chain may have, the new one included. 1 to 16. Default 4. */
  readonly maxActorDepth?: number | undefined
  /** The longest assertion. 256 to 131 072. Default 16 384. */
  readonly maxAssertionBytes?: number | undefined
  /** The largest request body. 1 024 to 524 288. Default 262 144. */
  readonly maxBodyBytes?: number | undefined
  /**
   * How much of all bodies under way is held at once; a body that finds no room is denied with `overloaded`. Callers
   * that do not authenticate take none of it. 524 288 to 1 073 741 824. Default 16 777 216.
   */
  readonly maxBufferedBytes?: number | undefined
  /**
   * How many requests may be under way; more are denied at once with `overloaded`. Half of them may wait for keys, and
   * 100 for secrets, so that others find room. As many calls of an event hook may be, besides; more are answered 503.
   * 1 to 100 000. Default 1 024.
   */
  readonly maxConcurrentRequests?: number | undefined
}

export type ResolvedLimits = Settled<LimitsConfig>

export const limits: SectionSchema<LimitsConfig, ResolvedLimits> = closedObject({
  deadlineMs: wholeNumberOr(2_000, 100, 2_800),
  policyTimeoutMs: wholeNumberOr(800, 10, 2_500),
  maxActorDepth: wholeNumberOr(4, 1, 16),
  maxAssertionBytes: wholeNumberOr(16_384, 256, 131_072),
  maxBodyBytes: wholeNumberOr(262_144, 1_024, 524_288),
  maxBufferedBytes: wholeNumberOr(16_777_216, 524_288, 1_073_741_824),
  maxConcurrentRequests: wholeNumberOr(1_024, 1, 100_000),
})

/** Returns how many that are not known yet may wait, for keys and for secrets, so that others find room. */
export function mostWaiting({ maxConcurrentRequests }: Pick<ResolvedLimits, 'maxConcurrentRequests'>): {
  readonly forKeys: number
  readonly forSecrets: number
} {
  const forKeys = Math.ceil(maxConcurrentRequests / 2)
  return { forKeys, forSecrets: Math.min(100, forKeys) }
}

/** Returns the limits of a configuration that sets none. */
export function defaultLimits(): ResolvedLimits {
  return v.parse(limits, {})
}
