import * as v from 'valibot'
import type { ConfigFault } from './config-error.ts'
import { describeProblem } from './schema-faults.ts'

/**
 * Says what is wrong with the options of a part of the configuration: members that are unknown, or not what they must be.
 *
 * @param section - where the part is put
 */
export function findOptionFaults(
  section: string,
  schema: v.GenericSchema,
  options: unknown,
): readonly ConfigFault[] {
  const checked = v.safeParse(schema, options)
  if (checked.success) return []
  return checked.issues.map((issue) => ({
    path: [section, v.getDotPath(issue)].filter((part) => part !== null).join('.'),
    problem: describeProblem(issue),
  }))
}
