import type { Policy } from '@behalf/hook'

/** What a hook decides by, as far as it can be told: `behalf serve --steps` prints it, and the sandbox shows it. */
export interface PolicyReport {
  readonly policies: readonly {
    readonly id: string
    readonly effect?: 'permit' | 'forbid'
    readonly place?: string
    readonly text?: string
  }[]
  /** What is wrong with what the files say now, so that these stay in force. */
  readonly faults?: readonly string[]
}

/** Tells what a policy consists of: each policy of a set, or the function as it is written. */
export function reportPolicy(policy: Policy | undefined): PolicyReport {
  if (policy === undefined) return { policies: [] }
  if (typeof policy === 'function') return { policies: [{ id: 'a function', text: String(policy) }] }
  const { rules = [] } = policy
  if (rules.length === 0) return { policies: [{ id: 'a decision point that names no policies' }] }
  return {
    policies: rules.map(({ id, effect, place, text }) => ({
      id,
      effect,
      place,
      ...(text === undefined ? {} : { text }),
    })),
  }
}
