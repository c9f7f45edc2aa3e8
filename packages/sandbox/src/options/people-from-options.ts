import type { Dated } from '../org/dated.ts'
import { everyoneName, type Group } from '../org/group.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { User } from '../org/user.ts'
import type { GroupOptions, UserOptions } from './sandbox-options.ts'

/** Builds a user of the org; groups are another matter. */
export function createUser(
  { id = createIdentifier('00u'), login, amr = ['pwd'], groups: _, ...attributes }: UserOptions,
  dated: Dated,
): User {
  const profile = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return { id, login, status: 'ACTIVE', profile: Object.fromEntries(profile), amr, ...dated }
}

/** Builds a group of the org. */
export function createGroup(
  { id = createIdentifier('00g'), name, description = name }: GroupOptions,
  memberIds: readonly string[],
  dated: Dated,
): Group {
  return { id, name, description, memberIds, ...dated }
}

/** Builds the groups that are described, those that users name, and the one of everybody. */
export function createGroups(
  described: readonly GroupOptions[],
  members: readonly { readonly userId: string; readonly names: readonly string[] }[],
  dated: Dated,
): readonly Group[] {
  const known = new Map(described.map((group) => [group.name, group]))
  const names = new Set([everyoneName, ...known.keys(), ...members.flatMap((member) => member.names)])
  return [...names].map((name) => {
    const memberIds = members.filter((member) => member.names.includes(name)).map(({ userId }) => userId)
    return createGroup(known.get(name) ?? { name }, name === everyoneName ? [] : memberIds, dated)
  })
}
