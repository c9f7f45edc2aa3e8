import { datedNow } from '../org/dated.ts'
import type { Group } from '../org/group.ts'
import type { Org } from '../org/org.ts'
import type { User } from '../org/user.ts'
import { check } from '../shape/check.ts'
import { createGroup, createUser } from './people-from-options.ts'
import type { GroupOptions, UserOptions } from './sandbox-options.ts'
import { group as groupShape, user as userShape } from './shapes/options-shape.ts'

/**
 * Adds a user, and the groups that the user is in and that the org does not have.
 *
 * @throws TypeError naming every fault, or when the login or the id is taken
 */
export function addUser(org: Org, given: UserOptions): User {
  const options = check(userShape, given, 'the user cannot be added')
  const dated = datedNow(org.clock)
  const user = createUser(options, dated)
  if ([...org.users.values()].some(({ id, login }) => login === user.login || id === user.id))
    throw new TypeError(`the user cannot be added:\nlogin: '${user.login}' or the id is taken`)
  org.users.set(user.id, user)
  for (const name of options.groups ?? []) {
    const group = findGroup(org, name) ?? createGroup({ name }, [], dated)
    org.groups.set(group.id, { ...group, memberIds: [...group.memberIds, user.id] })
  }
  return user
}

/**
 * Adds a group without members.
 *
 * @throws TypeError naming every fault, or when the name is taken
 */
export function addGroup(org: Org, given: GroupOptions): Group {
  const options = check(groupShape, given, 'the group cannot be added')
  if (findGroup(org, options.name) !== undefined)
    throw new TypeError(`the group cannot be added:\nname: '${options.name}' is taken`)
  const group = createGroup(options, [], datedNow(org.clock))
  org.groups.set(group.id, group)
  return group
}

function findGroup({ groups }: Org, wanted: string): Group | undefined {
  return [...groups.values()].find(({ name }) => name === wanted)
}
