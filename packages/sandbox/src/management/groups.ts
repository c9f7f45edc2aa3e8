import { ApiFault, invalid, notFound } from '../http/api-fault.ts'
import { datedNow, timestamp } from '../org/dated.ts'
import { everyoneName, type Group } from '../org/group.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import { compileFilter } from './filter.ts'
import { link } from './link.ts'
import { requireObject, requireText, textOr } from './members.ts'
import { page } from './page.ts'
import { type ApiRequest, done, ok, type Route } from './route.ts'
import { userDocument } from './user-document.ts'

const path = '/api/v1/groups'
const scope = 'okta.groups'

/** Returns the groups of the org, and who is in them. */
export function groupRoutes(org: Org): readonly Route[] {
  const { groups, users, clock, url } = org
  const one = `${path}/:id`
  const find = ({ param }: ApiRequest): Group => {
    const group = groups.get(param('id'))
    if (group === undefined) throw notFound(param('id'), 'Group')
    return group
  }
  const save = (group: Group): JsonObject => {
    groups.set(group.id, group)
    return groupDocument(group, url)
  }
  const own = (request: ApiRequest): Group => {
    const group = find(request)
    if (group.name !== everyoneName) return group
    throw new ApiFault('E0000001', 'Api validation failed: group', ['The built-in group cannot be changed'])
  }
  const setMember =
    (isMember: boolean): Route['handle'] =>
    (request) => {
      const group = own(request)
      const userId = request.param('userId')
      if (!users.has(userId)) throw notFound(userId, 'User')
      const others = group.memberIds.filter((id) => id !== userId)
      save({ ...group, memberIds: isMember ? [...others, userId] : others })
      return done
    }
  const settingsOf = (body: JsonObject, id?: string): Pick<Group, 'name' | 'description'> => {
    const profile = requireObject(body, 'profile')
    const name = requireText(profile, 'name', 'profile.name')
    if ([...groups.values()].some((other) => other.name === name && other.id !== id))
      throw invalid('name', 'An object with this field already exists in the current organization')
    return { name, description: textOr(profile['description'], '') }
  }
  return [
    {
      method: 'GET',
      path,
      scope,
      handle: ({ query }) => {
        const q = query.get('q')?.toLowerCase() ?? ''
        const filters = ['search', 'filter'].flatMap((name) => query.get(name) ?? [])
        const passes = filters.map((expression) => compileFilter(expression))
        const found = [...groups.values()]
          .filter(({ name }) => name.toLowerCase().startsWith(q))
          .map((group) => groupDocument(group, url))
          .filter((group) => passes.every((test) => test(group)))
        return page(found, query, { default: 200, max: 200 })
      },
    },
    {
      method: 'POST',
      path,
      scope,
      handle: ({ body }) =>
        ok(save({ id: createIdentifier('00g'), ...settingsOf(body), memberIds: [], ...datedNow(clock) })),
    },
    { method: 'GET', path: one, scope, handle: (request) => ok(groupDocument(find(request), url)) },
    {
      method: 'PUT',
      path: one,
      scope,
      handle: (request) => {
        const group = own(request)
        const settings = settingsOf(request.body, group.id)
        return ok(save({ ...group, ...settings, lastUpdated: timestamp(clock) }))
      },
    },
    {
      method: 'DELETE',
      path: one,
      scope,
      handle: (request) => {
        groups.delete(own(request).id)
        return done
      },
    },
    {
      method: 'GET',
      path: `${one}/users`,
      scope,
      handle: (request) => {
        const { name, memberIds } = find(request)
        const members = [...users.values()].filter(
          ({ id }) => name === everyoneName || memberIds.includes(id),
        )
        return page(
          members.map((user) => userDocument(user, url)),
          request.query,
          { default: 200, max: 1000 },
        )
      },
    },
    { method: 'PUT', path: `${one}/users/:userId`, scope, handle: setMember(true) },
    { method: 'DELETE', path: `${one}/users/:userId`, scope, handle: setMember(false) },
  ]
}

/** Returns a group as Okta answers it. */
export function groupDocument(group: Group, url: string): JsonObject {
  const { id, name, description, created, lastUpdated } = group
  const self = `${url}${path}/${id}`
  return {
    id,
    created,
    lastUpdated,
    lastMembershipUpdated: lastUpdated,
    objectClass: ['okta:user_group'],
    type: name === everyoneName ? 'BUILT_IN' : 'OKTA_GROUP',
    profile: { name, description },
    _links: {
      logo: [{ name: 'medium', href: `${url}/logo.png`, type: 'image/png' }],
      users: link(`${self}/users`),
      apps: link(`${self}/apps`),
    },
  }
}
