import { invalid, notFound } from '../http/api-fault.ts'
import { timestamp } from '../org/dated.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import { createTrustedOrigin, type TrustedOrigin } from '../org/trusted-origin.ts'
import { lifecycleLink, link } from './link.ts'
import { requireText } from './members.ts'
import { page } from './page.ts'
import { done, ok, type Route } from './route.ts'

const path = '/api/v1/trustedOrigins'
const scope = 'okta.trustedOrigins'

/** Origins whose pages may call the org from browsers. */
export function trustedOriginRoutes({ trustedOrigins: origins, clock, url }: Org): readonly Route[] {
  const one = `${path}/:id`
  const find = (id: string): TrustedOrigin => {
    const found = origins.get(id)
    if (found === undefined) throw notFound(id, 'TrustedOrigin')
    return found
  }
  const toDocument = (entry: TrustedOrigin): JsonObject => {
    const self = `${url}${path}/${entry.id}`
    return {
      ...entry,
      createdBy: '00uSandbox0000000001',
      lastUpdatedBy: '00uSandbox0000000001',
      scopes: [{ type: 'CORS' }, { type: 'REDIRECT' }],
      _links: { self: link(self, 'GET', 'PUT', 'DELETE'), ...lifecycleLink(self, entry.status) },
    }
  }
  const save = (entry: TrustedOrigin): JsonObject => {
    origins.set(entry.id, entry)
    return toDocument(entry)
  }
  const setStatus =
    (status: TrustedOrigin['status']): Route['handle'] =>
    ({ param }) =>
      ok(save({ ...find(param('id')), status, lastUpdated: timestamp(clock) }))
  return [
    {
      method: 'GET',
      path,
      scope,
      handle: ({ query }) => page([...origins.values()].map(toDocument), query, { default: 20, max: 200 }),
    },
    {
      method: 'POST',
      path,
      scope,
      handle: ({ body }) => ok(save(createTrustedOrigin(originOf(body), clock, requireText(body, 'name')))),
    },
    { method: 'GET', path: one, scope, handle: ({ param }) => ok(toDocument(find(param('id')))) },
    {
      method: 'PUT',
      path: one,
      scope,
      handle: ({ param, body }) => {
        const [name, origin] = [requireText(body, 'name'), originOf(body)]
        return ok(save({ ...find(param('id')), name, origin, lastUpdated: timestamp(clock) }))
      },
    },
    {
      method: 'DELETE',
      path: one,
      scope,
      handle: ({ param }) => {
        origins.delete(find(param('id')).id)
        return done
      },
    },
    { method: 'POST', path: `${one}/lifecycle/activate`, scope, handle: setStatus('ACTIVE') },
    { method: 'POST', path: `${one}/lifecycle/deactivate`, scope, handle: setStatus('INACTIVE') },
  ]
}

function originOf(body: JsonObject): string {
  const { origin } = URL.parse(requireText(body, 'origin')) ?? {}
  if (origin === undefined || origin === 'null') throw invalid('origin', 'Must be an origin')
  return origin
}
