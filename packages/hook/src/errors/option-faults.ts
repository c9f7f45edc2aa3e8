import * as v from 'valibot'
import type { ConfigFault } from '../errors/config-error.ts'
import { describeProblem } from '../errors/schema-faults.ts'

/** Says what is wrong with the options of a decision point: members that are unknown, or not what they must be. */
export function findOptionFaults(schema: v.GenericSchema, options: unknown): readonly ConfigFault[] {
  const checked = v.safeParse(schema, options)
  if (checked.success) return []
  return checked.issues.map((issue) => ({
    path: ['policy', v.getDotPath(issue)].filter((part) => part !== null).join('.'),
    problem: describeProblem(issue),
  }))
}
