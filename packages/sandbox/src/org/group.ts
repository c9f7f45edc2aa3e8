import type { Dated } from './dated.ts'

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

/** The groups of an org, by id. */
interface Groups {
  readonly groups: ReadonlyMap<string, Group>
}

/** Returns the names of a person's groups, the built-in one first. */
export function groupNamesOf(org: Groups, userId: string): readonly string[] {
  return groupsOf(org, userId).map(({ name }) => name)
}

/** Returns a person's groups, the built-in one first. */
export function groupsOf({ groups }: Groups, userId: string): readonly Group[] {
  return [...groups.values()].filter(
    ({ name, memberIds }) => name === everyoneName || memberIds.includes(userId),
  )
}
