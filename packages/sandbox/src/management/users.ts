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
import { type UserEventType, userEvent } from './user-events.ts'

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
  const become = (user: User, status: User['status'], event: UserEventType): void => {
    save({ ...user, status, lastUpdated: timestamp(clock) })
    if (status !== 'ACTIVE') org.sessions.endAllOf(user.id)
    org.systemLog.write(userEvent(event, user))
  }
  const setStatus =
    (status: User['status'], event: UserEventType): Route['handle'] =>
    ({ param }) => {
      become(find(param('id')), status, event)
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
        if (user.status === 'DEPROVISIONED') {
          users.delete(user.id)
          org.systemLog.write(userEvent('user.lifecycle.delete.initiated', user))
        } else become(user, 'DEPROVISIONED', 'user.lifecycle.deactivate')
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
    {
      method: 'DELETE',
      path: `${one}/sessions`,
      scope,
      handle: ({ param, query }) => {
        const user = find(param('id'))
        org.sessions.endAllOf(user.id)
        if (query.get('oauthTokens') === 'true') org.tokensRevoked.set(user.id, clock.now() / 1_000)
        org.systemLog.write(userEvent('user.session.clear', user))
        return done
      },
    },
    ...lifecycles.map(
      ([name, status, event]): Route => ({
        method: 'POST',
        path: `${one}/lifecycle/${name}`,
        scope,
        handle: setStatus(status, event),
      }),
    ),
  ]
}

const lifecycles: readonly (readonly [string, User['status'], UserEventType])[] = [
  ['activate', 'ACTIVE', 'user.lifecycle.activate'],
  ['deactivate', 'DEPROVISIONED', 'user.lifecycle.deactivate'],
  ['suspend', 'SUSPENDED', 'user.lifecycle.suspend'],
  ['unsuspend', 'ACTIVE', 'user.lifecycle.unsuspend'],
]

function beginsWith({ profile }: JsonObject, q: string): boolean {
  const { firstName, lastName, email, login } = Object(profile)
  return [firstName, lastName, email, login].some((value) =>
    String(value ?? '')
      .toLowerCase()
      .startsWith(q),
  )
}
