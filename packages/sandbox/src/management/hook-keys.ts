import { invalid, notFound } from '../http/api-fault.ts'
import { datedNow, timestamp } from '../org/dated.ts'
import type { HookKey } from '../org/hook-key.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import { SigningKey } from '../org/signing-key.ts'
import { requireText } from './members.ts'
import { whole } from './page.ts'
import { done, ok, type Route } from './route.ts'

const path = '/api/v1/hook-keys'
const scope = 'okta.inlineHooks'

/** Returns the keys with which the org authenticates to the owners of OAuth-secured hooks. */
export function hookKeyRoutes({ hookKeys, inlineHooks, clock }: Org): readonly Route[] {
  const isUsed = (id: string): boolean =>
    [...inlineHooks.values()].some(({ auth }) => auth.type === 'private_key_jwt' && auth.hookKeyId === id)
  const find = (id: string): HookKey => {
    const key = hookKeys.get(id)
    if (key === undefined) throw notFound(id, 'HookKey')
    return key
  }
  const toDocument = ({ id, name, key, created, lastUpdated }: HookKey): JsonObject => ({
    id,
    keyId: key.kid,
    name,
    created,
    lastUpdated,
    isUsed: isUsed(id),
  })
  /** Only whoever makes or changes a key is shown its public half with it. */
  const toFullDocument = (key: HookKey): JsonObject => ({
    ...toDocument(key),
    _embedded: recordedJwk(key),
  })
  return [
    {
      method: 'GET',
      path,
      scope,
      handle: ({ query }) => whole([...hookKeys.values()].map(toDocument), query),
    },
    {
      method: 'POST',
      path,
      scope,
      handle: async ({ body }) => {
        const name = requireText(body, 'name')
        const id = createIdentifier('HKY')
        const key = { id, name, ...datedNow(clock), key: await SigningKey.generate() }
        hookKeys.set(id, key)
        return ok(toFullDocument(key))
      },
    },
    {
      method: 'GET',
      path: `${path}/public/:kid`,
      scope,
      handle: ({ param }) => {
        const found = [...hookKeys.values()].find(({ key }) => key.kid === param('kid'))
        if (found === undefined) throw notFound(param('kid'), 'HookKey')
        return ok(recordedJwk(found))
      },
    },
    { method: 'GET', path: `${path}/:id`, scope, handle: ({ param }) => ok(toDocument(find(param('id')))) },
    {
      method: 'PUT',
      path: `${path}/:id`,
      scope,
      handle: ({ param, body }) => {
        const key = { ...find(param('id')), name: requireText(body, 'name'), lastUpdated: timestamp(clock) }
        hookKeys.set(key.id, key)
        return ok(toFullDocument(key))
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      scope,
      handle: ({ param }) => {
        const { id } = find(param('id'))
        if (isUsed(id)) throw invalid('hookKeyId', 'The key is used by an inline hook')
        hookKeys.delete(id)
        return done
      },
    },
  ]
}

/** As Okta shows it: no JOSE library takes this `alg`, nor a `use` that is null. */
function recordedJwk({ key }: HookKey): JsonObject {
  const { kty, kid, e, n } = key.publicJwk
  return { kty, alg: 'RSA', kid, use: null, e, n }
}
