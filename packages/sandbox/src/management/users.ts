import { notFound } from '../http/api-fault.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import type { User } from '../org/user.ts'
import { page } from './page.ts'
import { ok, type Route } from './route.ts'

const path = '/api/v1/users'
const scope = 'okta.users'

/** The people of the org, by id or login; they can be read, not changed. */
export function userRoutes({ users }: Org): readonly Route[] {
  return [
    {
      method: 'GET',
      path,
      scope,
      handle: ({ query }) => {
        const q = query.get('q')?.toLowerCase() ?? ''
        const found = [...users.values()].filter(({ login }) => login.toLowerCase().startsWith(q))
        return page(found.map(toDocument), query, { default: 200, max: 200 })
      },
    },
    {
      method: 'GET',
      path: `${path}/:id`,
      scope,
      handle: ({ param }) => {
        const asked = param('id')
        const user = [...users.values()].find(({ id, login }) => id === asked || login === asked)
        if (user === undefined) throw notFound(asked, 'User')
        return ok(toDocument(user))
      },
    },
  ]
}

function toDocument({ id, login, profile }: User): JsonObject {
  const { given_name: firstName, family_name: lastName, email = login } = profile
  return { id, status: 'ACTIVE', profile: { login, email, firstName, lastName } }
}
