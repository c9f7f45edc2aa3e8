import { invalid } from '../http/api-fault.ts'
import type { JsonObject } from '../org/json.ts'

/** What becomes of members that the API does not know. */
export type UnknownMembers = 'kept' | 'dropped' | 'refused'

/** Returns what was written, without the members that are not known where the org drops them. */
export function settleUnknown(
  body: JsonObject,
  known: readonly string[],
  treatment: UnknownMembers,
): JsonObject {
  if (treatment === 'kept') return body
  const unknown = Object.keys(body).filter((name) => !known.includes(name))
  const [first] = unknown
  if (first !== undefined && treatment === 'refused') throw invalid(first, 'The member is not known')
  return Object.fromEntries(Object.entries(body).filter(([name]) => known.includes(name)))
}
