import type { EventHookCaller } from '../event-hooks/caller.ts'
import { ApiFault, invalid, notFound } from '../http/api-fault.ts'
import { datedNow, timestamp } from '../org/dated.ts'
import type { EventHook } from '../org/event-hook.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { Org } from '../org/org.ts'
import { eventHookDocument, parseEventHook, eventHooksPath as path } from './event-hook-document.ts'
import { whole } from './page.ts'
import { type ApiAnswer, done, ok, type Route } from './route.ts'

const maxHooks = 25
const scope = 'okta.eventHooks'

/** Serves event hooks: list, create, read, replace, verify, activate, deactivate, delete. */
export function eventHookRoutes(org: Org & { readonly eventHookCaller: EventHookCaller }): readonly Route[] {
  const { eventHooks: hooks, clock, url } = org
  const one = `${path}/:id`
  const find = (id: string): EventHook => {
    const hook = hooks.get(id)
    if (hook === undefined) throw notFound(id, 'EventHook')
    return hook
  }
  const save = (hook: EventHook): ApiAnswer => {
    hooks.set(hook.id, hook)
    return ok(eventHookDocument(hook, url))
  }
  const setStatus =
    (status: EventHook['status']): Route['handle'] =>
    ({ param }) =>
      save({ ...find(param('id')), status, lastUpdated: timestamp(clock) })
  return [
    {
      method: 'GET',
      path,
      scope,
      handle: ({ query }) =>
        whole(
          [...hooks.values()].map((hook) => eventHookDocument(hook, url)),
          query,
        ),
    },
    {
      method: 'POST',
      path,
      scope,
      handle: ({ body }) => {
        if (hooks.size >= maxHooks) throw invalid('eventHooks', `An org has at most ${maxHooks} event hooks`)
        const settings = parseEventHook(body)
        const made = {
          id: createIdentifier('who'),
          status: 'ACTIVE',
          verificationStatus: 'UNVERIFIED',
        } as const
        return save({ ...made, ...settings, ...datedNow(clock) })
      },
    },
    { method: 'GET', path: one, scope, handle: ({ param }) => ok(eventHookDocument(find(param('id')), url)) },
    {
      method: 'PUT',
      path: one,
      scope,
      handle: ({ param, body }) => {
        const former = find(param('id'))
        const { auth: _, ...kept } = former
        const settings = parseEventHook(body, former)
        const verificationStatus = settings.uri === former.uri ? former.verificationStatus : 'UNVERIFIED'
        return save({ ...kept, ...settings, verificationStatus, lastUpdated: timestamp(clock) })
      },
    },
    {
      method: 'DELETE',
      path: one,
      scope,
      handle: ({ param }) => {
        const hook = find(param('id'))
        if (hook.status === 'ACTIVE') throw invalid('status', 'An event hook must be INACTIVE to be deleted')
        hooks.delete(hook.id)
        return done
      },
    },
    { method: 'POST', path: `${one}/lifecycle/activate`, scope, handle: setStatus('ACTIVE') },
    { method: 'POST', path: `${one}/lifecycle/deactivate`, scope, handle: setStatus('INACTIVE') },
    {
      method: 'POST',
      path: `${one}/lifecycle/verify`,
      scope,
      handle: async ({ param }) => {
        const hook = find(param('id'))
        if (await org.eventHookCaller.verify(hook))
          return save({ ...find(hook.id), verificationStatus: 'VERIFIED', lastUpdated: timestamp(clock) })
        throw new ApiFault('E0000001', 'Api validation failed: eventHook', [
          `Unable to verify event hook. Hook ${hook.name} execution failed`,
        ])
      },
    },
  ]
}
