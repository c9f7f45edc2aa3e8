import { invalid, notFound } from '../http/api-fault.ts'
import type { App } from '../org/app.ts'
import { datedNow, timestamp } from '../org/dated.ts'
import { createIdentifier } from '../org/identifier.ts'
import { outcomeOf } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import { appDocument, parseApp, appsPath as path } from './app-document.ts'
import { settleClient } from './app-members.ts'
import { refuseDeletion } from './deletion.ts'
import { compileFilter } from './filter.ts'
import { page } from './page.ts'
import { done, ok, type Route } from './route.ts'

const scope = 'okta.apps'

/** Returns the app that a request names. */
export function findApp({ apps }: Org, id: string): App {
  const app = apps.get(id)
  if (app === undefined) throw notFound(id, 'AppInstance')
  return app
}

/** Serves OpenID Connect apps. An app's id is its client id. */
export function appRoutes(org: Org): readonly Route[] {
  const { apps, clock, url } = org
  const one = `${path}/:id`
  const setStatus =
    (status: App['status']): Route['handle'] =>
    ({ param }) => {
      const app = findApp(org, param('id'))
      apps.set(app.clientId, { ...app, status, lastUpdated: timestamp(clock) })
      return ok({})
    }
  return [
    {
      method: 'GET',
      path,
      scope,
      handle: ({ query }) => {
        const q = query.get('q')?.toLowerCase() ?? ''
        const filter = query.get('filter')
        const passes = filter === null ? () => true : compileFilter(filter)
        const found = [...apps.values()]
          .filter(({ label }) => label.toLowerCase().startsWith(q))
          .map((app) => appDocument(app, url))
          .filter(passes)
        return page(found, query, { default: 20, max: 200 })
      },
    },
    {
      method: 'POST',
      path,
      scope,
      handle: ({ body, query }) => {
        const settings = parseApp(settleClient(body, org), createIdentifier('0oa'))
        if (apps.has(settings.clientId))
          throw invalid('credentials.oauthClient.client_id', 'Another app has this client id')
        const status = query.get('activate') === 'false' ? 'INACTIVE' : 'ACTIVE'
        const app: App = { ...settings, status, managementScopes: [], ...datedNow(clock) }
        apps.set(app.clientId, app)
        return ok(appDocument(app, url, true))
      },
    },
    {
      method: 'GET',
      path: one,
      scope,
      handle: ({ param }) => ok(appDocument(findApp(org, param('id')), url)),
    },
    {
      method: 'PUT',
      path: one,
      scope,
      handle: ({ param, body }) => {
        const previous = findApp(org, param('id'))
        const settings = parseApp(settleClient(body, org), previous.clientId, previous)
        const app = { ...previous, ...settings, lastUpdated: timestamp(clock) }
        apps.set(app.clientId, app)
        return ok(appDocument(app, url, true))
      },
    },
    {
      method: 'DELETE',
      path: one,
      scope,
      handle: ({ param }) => {
        const { clientId, status } = findApp(org, param('id'))
        if (status === 'ACTIVE')
          refuseDeletion(outcomeOf(org.facts, 'delete-active-app'), 'An app must be INACTIVE to be deleted')
        apps.delete(clientId)
        return done
      },
    },
    {
      // Whoever has a login may sign in to every app here, so that nothing is kept of it.
      method: 'PUT',
      path: `${one}/groups/:groupId`,
      scope,
      handle: ({ param }) => {
        findApp(org, param('id'))
        if (!org.groups.has(param('groupId'))) throw notFound(param('groupId'), 'UserGroup')
        return ok({ id: param('groupId'), priority: 0, lastUpdated: timestamp(clock), profile: {} })
      },
    },
    { method: 'POST', path: `${one}/lifecycle/activate`, scope, handle: setStatus('ACTIVE') },
    { method: 'POST', path: `${one}/lifecycle/deactivate`, scope, handle: setStatus('INACTIVE') },
  ]
}
