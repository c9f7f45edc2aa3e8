import type { Faults } from './faults/faults.ts'
import type { HookCaller } from './inline-hook/hook-caller.ts'
import type { Org } from './org/org.ts'

/** An org that is running: what it consists of, what is going wrong in it, and how it calls its hooks. */
export interface LiveOrg extends Org {
  readonly faults: Faults
  readonly hooks: HookCaller
}
