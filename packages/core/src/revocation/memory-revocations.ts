import { assertOptions, type OptionRules } from '../options/option-faults.ts'
import { aWholeNumber } from '../options/option-rules.ts'
import { CutOffSketch } from './cut-off-sketch.ts'
import type { RevocationStore } from './revocation-store.ts'

/** How much {@link memoryRevocations} remembers. */
export interface MemoryRevocationsOptions {
  /**
   * How many users may be cut off, within the life of a token, until one in 5 000 others is as well; 256 bytes each. 2 to
   * 1 000 000. Default 10 000.
   */
  readonly maxUsers?: number
}

const rules: OptionRules<keyof MemoryRevocationsOptions> = { maxUsers: aWholeNumber(2, 1_000_000) }

/**
 * Makes a store of cut-offs in this process alone: other instances do not share them, and a restart forgets them. Its space is
 * bounded without forgetting anybody: users share places in it, so that beyond `maxUsers` some have the later cut-off of others,
 * and have to sign in again; four times as many make it 3 in 100. Nobody ever gets through by it.
 *
 * @throws TypeError - when an option is unknown or unusable
 *
 * @example
 * ```ts
 * import { memoryRevocations } from '@behalf/core'
 *
 * const store = memoryRevocations()
 * ```
 */
export function memoryRevocations(options: MemoryRevocationsOptions = {}): RevocationStore {
  assertOptions('memoryRevocations', options, rules)
  const { maxUsers = 10_000 } = options
  let sketch: CutOffSketch | undefined
  return {
    isLocal: true,
    find: (user) => sketch?.find(user),
    raise(user, cutOff) {
      sketch ??= new CutOffSketch(maxUsers)
      sketch.raise(user, cutOff)
    },
  }
}
