import { ApiFault, invalid, notFound } from '../http/api-fault.ts'
import type { LiveOrg } from '../live-org.ts'
import { datedNow, timestamp } from '../org/dated.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { InlineHook } from '../org/inline-hook.ts'
import type { JsonObject } from '../org/json.ts'
import { outcomeOf } from '../org/okta-facts.ts'
import { refuseDeletion } from './deletion.ts'
import { hookDocument, mergeHook, parseHook, hooksPath as path } from './inline-hook-document.ts'
import { whole } from './page.ts'
import { type ApiAnswer, done, ok, type Route } from './route.ts'

const maxHooks = 100
const scope = 'okta.inlineHooks'

/** Serves inline hooks: list, create, read, replace, change, activate, deactivate, delete, execute. */
export function inlineHookRoutes(org: LiveOrg): readonly Route[] {
  const { inlineHooks: hooks, clock } = org
  const find = (id: string): InlineHook => {
    const hook = hooks.get(id)
    if (hook === undefined) throw notFound(id, 'InlineHook')
    return hook
  }
  const toDocument = (hook: InlineHook): JsonObject => hookDocument(hook, org.url)
  const log = (event: string, { id, name }: InlineHook): void =>
    org.systemLog.write({
      eventType: `inline_hook.${event}`,
      displayMessage: `Inline hook ${event}`,
      severity: 'INFO',
      outcome: { result: 'SUCCESS' },
      actor: { id: 'management', type: 'SystemPrincipal', displayName: 'Management API' },
      target: [{ id, type: 'inline_hook', displayName: name }],
    })
  const save = (hook: InlineHook, event: string): ApiAnswer => {
    hooks.set(hook.id, hook)
    log(event, hook)
    return ok(toDocument(hook))
  }
  const change = (hook: InlineHook, body: JsonObject): ApiAnswer =>
    save({ ...hook, ...parseHook(body, hook, org.facts), lastUpdated: timestamp(clock) }, 'updated')
  const setStatus = (status: InlineHook['status'], event: string): Route['handle'] => {
    return ({ param }) => save({ ...find(param('id')), status, lastUpdated: timestamp(clock) }, event)
  }
  const one = `${path}/:id`
  return [
    {
      method: 'GET',
      path,
      scope,
      handle: ({ query }) => {
        const type = query.get('type')
        const found = [...hooks.values()].filter((hook) => type === null || hook.type === type)
        return whole(found.map(toDocument), query)
      },
    },
    {
      method: 'POST',
      path,
      scope,
      handle: ({ body }) => {
        if (hooks.size >= maxHooks)
          throw invalid('inlineHooks', `An org has at most ${maxHooks} inline hooks`)
        const settings = parseHook(body)
        return save(
          { id: createIdentifier('cal'), status: 'ACTIVE', ...settings, ...datedNow(clock) },
          'created',
        )
      },
    },
    { method: 'GET', path: one, scope, handle: ({ param }) => ok(toDocument(find(param('id')))) },
    { method: 'PUT', path: one, scope, handle: ({ param, body }) => change(find(param('id')), body) },
    {
      method: 'POST',
      path: one,
      scope,
      handle: ({ param, body }) => {
        const hook = find(param('id'))
        return change(hook, mergeHook(hook, body, org.url))
      },
    },
    {
      method: 'DELETE',
      path: one,
      scope,
      handle: ({ param }) => {
        const hook = find(param('id'))
        if (hook.status === 'ACTIVE')
          refuseDeletion(
            outcomeOf(org.facts, 'delete-active-hook'),
            'An inline hook must be INACTIVE to be deleted',
          )
        hooks.delete(hook.id)
        log('deleted', hook)
        return done
      },
    },
    { method: 'POST', path: `${one}/lifecycle/activate`, scope, handle: setStatus('ACTIVE', 'activated') },
    {
      method: 'POST',
      path: `${one}/lifecycle/deactivate`,
      scope,
      handle: setStatus('INACTIVE', 'deactivated'),
    },
    {
      method: 'POST',
      path: `${one}/execute`,
      scope,
      handle: async ({ param, body }) => ok(await preview(find(param('id')), body, org)),
    },
  ]
}

/** What the hook answers to a payload; a preview changes nothing. */
async function preview(hook: InlineHook, payload: JsonObject, org: LiveOrg): Promise<JsonObject> {
  const answer = await org.hooks(hook, payload)
  switch (answer.kind) {
    case 'failure':
      throw new ApiFault('E0000001', 'Api validation failed: inlineHook', [answer.reason])
    case 'unchanged':
      return {}
    default:
      return answer.document
  }
}
