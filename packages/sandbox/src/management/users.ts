import { notFound } from '../http/api-fault.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import type { User } from '../org/user.ts'
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
        return ok(
          [...users.values()].filter(({ login }) => login.toLowerCase().startsWith(q)).map(toDocument),
        )
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
