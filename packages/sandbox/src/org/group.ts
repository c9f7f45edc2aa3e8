import type { Dated } from './dated.ts'
import type { Org } from './org.ts'

/** A group of people. */
export interface Group extends Dated {
  /** Like `00g…`. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly memberIds: readonly string[]
}

/** The group that everybody is in, without being listed. */
export const everyoneName = 'Everyone'

/** The names of a person's groups, the built-in one first. */
export function groupNamesOf(org: Org, userId: string): readonly string[] {
  return groupsOf(org, userId).map(({ name }) => name)
}

/** A person's groups, the built-in one first. */
export function groupsOf({ groups }: Org, userId: string): readonly Group[] {
  return [...groups.values()].filter(
    ({ name, memberIds }) => name === everyoneName || memberIds.includes(userId),
  )
}
