import { closedObject } from '../errors/schema-faults.ts'
import type { SectionSchema } from './section.ts'
import type { Settled } from './settled.ts'
import { wholeNumberOr } from './values.ts'

/** Says for how long issuers' keys are trusted; see `KeyCacheOptions` of `@behalf/core`. */
export interface KeysConfig {
  /** A key that its issuer withdraws is trusted no longer than this. 1 000 to 86 400 000. Default 600 000. */
  readonly maxAgeMs?: number | undefined
  /**
   * For how long after the issuer's last good answer known keys serve while it gives none; anything below `maxAgeMs` is
   * `maxAgeMs`. 0 to 604 800 000. Default 86 400 000.
   */
  readonly staleForMs?: number | undefined
}

export type ResolvedKeys = Settled<KeysConfig>

export const keys: SectionSchema<KeysConfig, ResolvedKeys> = closedObject({
  maxAgeMs: wholeNumberOr(600_000, 1_000, 86_400_000),
  staleForMs: wholeNumberOr(86_400_000, 0, 604_800_000),
})
