import * as v from 'valibot'
import { closedObject } from '../errors/schema-faults.ts'
import type { SectionSchema } from './section.ts'
import type { Settled } from './settled.ts'
import { wholeNumberOr } from './values.ts'

/**
 * Says how many tokens are remembered whose signature held: of each its SHA-256 and its claims, never the token. All but
 * the signature is judged anew with every request; docs/decisions/0039-verified-tokens-are-remembered.md.
 */
export interface VerifiedTokensConfig {
  /** How many; those that were asked for least recently make room. 2 to 1 000 000. Default 10 000. */
  readonly maxEntries?: number | undefined
  /** An estimate of what they take of the heap. 1 024 to 1 073 741 824. Default 33 554 432. */
  readonly maxBytes?: number | undefined
}

export type ResolvedVerifiedTokens = Settled<VerifiedTokensConfig>

export const verifiedTokens: SectionSchema<VerifiedTokensConfig, ResolvedVerifiedTokens> = closedObject({
  maxEntries: wholeNumberOr(10_000, 2, 1_000_000),
  maxBytes: wholeNumberOr(33_554_432, 1_024, 1_073_741_824),
})

/** The section, or `false` where none is to be remembered. */
export const verifiedTokensOrNone: v.GenericSchema<
  VerifiedTokensConfig | false | undefined,
  ResolvedVerifiedTokens | false
> = v.optional(
  v.lazy((input) => (input === false ? v.literal(false) : verifiedTokens)),
  {},
)
