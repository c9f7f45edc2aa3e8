import { invalid, notFound } from '../http/api-fault.ts'
import type { HookKey } from '../org/hook-key.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import { SigningKey } from '../org/signing-key.ts'
import { requireText } from './members.ts'
import { done, ok, type Route } from './route.ts'

const path = '/api/v1/hook-keys'
const scope = 'okta.inlineHooks'

/** The keys with which the org authenticates to the owners of OAuth-secured hooks. */
export function hookKeyRoutes({ hookKeys, inlineHooks, clock }: Org): readonly Route[] {
  const isUsed = (id: string): boolean =>
    [...inlineHooks.values()].some(({ auth }) => auth.type === 'private_key_jwt' && auth.hookKeyId === id)
  const find = (id: string): HookKey => {
    const key = hookKeys.get(id)
    if (key === undefined) throw notFound(id, 'HookKey')
    return key
  }
  const toDocument = ({ id, name, key, created }: HookKey): JsonObject => ({
    id,
    keyId: key.kid,
    name,
    created,
    lastUpdated: created,
    isUsed: isUsed(id),
    _embedded: key.publicJwk,
  })
  return [
    { method: 'GET', path, scope, handle: () => ok([...hookKeys.values()].map(toDocument)) },
    {
      method: 'POST',
      path,
      scope,
      handle: async ({ body }) => {
        const name = requireText(body, 'name')
        const created = new Date(clock.now()).toISOString()
        const key = { id: createIdentifier('HKY'), name, created, key: await SigningKey.generate() }
        hookKeys.set(key.id, key)
        return ok(toDocument(key))
      },
    },
    {
      method: 'GET',
      path: `${path}/public/:kid`,
      scope,
      handle: ({ param }) => {
        const found = [...hookKeys.values()].find(({ key }) => key.kid === param('kid'))
        if (found === undefined) throw notFound(param('kid'), 'HookKey')
        return ok(found.key.publicJwk)
      },
    },
    { method: 'GET', path: `${path}/:id`, scope, handle: ({ param }) => ok(toDocument(find(param('id')))) },
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
