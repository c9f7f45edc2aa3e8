import { ApiFault, notFound } from '../http/api-fault.ts'
import { datedNow, timestamp } from '../org/dated.ts'
import { groupsOf } from '../org/group.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import type { User } from '../org/user.ts'
import { compileFilter } from './filter.ts'
import { groupDocument } from './groups.ts'
import { page, whole } from './page.ts'
import { done, ok, type Route } from './route.ts'
import { parseProfile, usersPath as path, userDocument } from './user-document.ts'

const scope = 'okta.users'

/** Returns the people of the org, by id or login. */
export function userRoutes(org: Org): readonly Route[] {
  const { users, clock, url } = org
  const one = `${path}/:id`
  const find = (asked: string): User => {
    const user = [...users.values()].find(({ id, login }) => id === asked || login === asked)
    if (user === undefined) throw notFound(asked, 'User')
    return user
  }
  const save = (user: User): JsonObject => {
    users.set(user.id, user)
    return userDocument(user, url)
  }
  const change: Route['handle'] = ({ param, body }) => {
    const user = find(param('id'))
    return ok(save({ ...user, ...parseProfile(body, user), lastUpdated: timestamp(clock) }))
  }
  const setStatus =
    (status: User['status']): Route['handle'] =>
    ({ param }) => {
      save({ ...find(param('id')), status, lastUpdated: timestamp(clock) })
      return ok({})
    }
  return [
    {
      method: 'GET',
      path,
      scope,
      handle: ({ query }) => {
        const q = query.get('q')?.toLowerCase()
        const filters = ['search', 'filter'].flatMap((name) => query.get(name) ?? [])
        const passes = filters.map((expression) => compileFilter(expression))
        const found = [...users.values()]
          .map((user) => userDocument(user, url))
          .filter((user) => (q === undefined || beginsWith(user, q)) && passes.every((test) => test(user)))
        return page(found, query, { default: 200, max: 200 })
      },
    },
    {
      method: 'POST',
      path,
      scope,
      handle: ({ body, query }) => {
        const settings = parseProfile(body)
        if ([...users.values()].some(({ login }) => login === settings.login))
          throw new ApiFault('E0000001', 'Api validation failed: login', [
            'login: An object with this field already exists in the current organization',
          ])
        const status = query.get('activate') === 'false' ? 'STAGED' : 'ACTIVE'
        return ok(
          save({ id: createIdentifier('00u'), status, amr: ['pwd'], ...settings, ...datedNow(clock) }),
        )
      },
    },
    { method: 'GET', path: one, scope, handle: ({ param }) => ok(userDocument(find(param('id')), url)) },
    { method: 'POST', path: one, scope, handle: change },
    { method: 'PUT', path: one, scope, handle: change },
    {
      method: 'DELETE',
      path: one,
      scope,
      handle: ({ param }) => {
        const user = find(param('id'))
        // As at Okta: the first time deactivates, the second removes.
        if (user.status === 'DEPROVISIONED') users.delete(user.id)
        else save({ ...user, status: 'DEPROVISIONED', lastUpdated: timestamp(clock) })
        return done
      },
    },
    {
      method: 'GET',
      path: `${one}/groups`,
      scope,
      handle: ({ param, query }) =>
        whole(
          groupsOf(org, find(param('id')).id).map((group) => groupDocument(group, url)),
          query,
        ),
    },
    { method: 'POST', path: `${one}/lifecycle/activate`, scope, handle: setStatus('ACTIVE') },
    { method: 'POST', path: `${one}/lifecycle/deactivate`, scope, handle: setStatus('DEPROVISIONED') },
    { method: 'POST', path: `${one}/lifecycle/suspend`, scope, handle: setStatus('SUSPENDED') },
    { method: 'POST', path: `${one}/lifecycle/unsuspend`, scope, handle: setStatus('ACTIVE') },
  ]
}

function beginsWith({ profile }: JsonObject, q: string): boolean {
  const { firstName, lastName, email, login } = Object(profile)
  return [firstName, lastName, email, login].some((value) =>
    String(value ?? '')
      .toLowerCase()
      .startsWith(q),
  )
}
