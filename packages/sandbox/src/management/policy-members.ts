import type { JsonObject } from '../org/json.ts'

/** What Okta decides about a policy or a rule itself: it is not taken from what is written. */
const readOnly = ['id', 'status', 'priority', 'system', 'created', 'lastUpdated', '_links', '_embedded']

/** Says what administrators wrote, unknown members included. */
export function withoutReadOnly(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !readOnly.includes(name)))
}

/** Returns the place in the order that was asked for, from 1. */
export function readPriority(body: JsonObject): number | undefined {
  const { priority } = body
  return typeof priority === 'number' ? priority : undefined
}

/** Puts an entry, new or in place of the one with its id, where its priority says; the last place by default. */
export function inPriority<Entry extends { readonly id: string }>(
  entries: readonly Entry[],
  entry: Entry,
  priority: number | undefined,
): readonly Entry[] {
  const previous = entries.findIndex(({ id }) => id === entry.id)
  const place = priority === undefined ? previous : priority - 1
  const others = entries.filter(({ id }) => id !== entry.id)
  return place < 0 ? [...others, entry] : others.toSpliced(place, 0, entry)
}

/** Returns the status that a new policy or rule is to have. */
export function statusOf(body: JsonObject): 'ACTIVE' | 'INACTIVE' {
  return body['status'] === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE'
}
