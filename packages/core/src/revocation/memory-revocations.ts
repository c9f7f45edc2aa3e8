import { assertOptions, type OptionRules } from '../options/option-faults.ts'
import { aWholeNumber } from '../options/option-rules.ts'
import type { RevocationStore } from './revocation-store.ts'

/** How much {@link memoryRevocations} remembers. */
export interface MemoryRevocationsOptions {
  /** How many users. 2 to 1 000 000. Default 10 000. */
  readonly maxUsers?: number
}

const rules: OptionRules<keyof MemoryRevocationsOptions> = { maxUsers: aWholeNumber(2, 1_000_000) }

/**
 * Makes a store of cut-offs in this process alone: other instances do not share them, and a restart forgets them. It is
 * bounded, and what it forgets grants nothing: when it is full, those users whose cut-offs came first have theirs
 * forgotten, and the latest of these counts for everybody from then on, so that older tokens are refused whosever they are.
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
  const half = Math.floor((options.maxUsers ?? 10_000) / 2)
  let recent = new Map<string, number>()
  let earlier = new Map<string, number>()
  let everybodys: number | undefined
  const find = (user: string): number | undefined => later(recent.get(user) ?? earlier.get(user), everybodys)
  return {
    isLocal: true,
    find,
    raise(user, cutOff) {
      const raised = later(find(user), cutOff) ?? cutOff
      earlier.delete(user)
      recent.set(user, raised)
      if (recent.size <= half) return
      for (const forgotten of earlier.values()) everybodys = later(everybodys, forgotten)
      earlier = recent
      recent = new Map()
    },
  }
}

function later(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Math.max(one, other)
}
