import { hash } from 'node:crypto'
import { notFound } from '../http/api-fault.ts'
import type { App } from '../org/app.ts'
import { timestamp } from '../org/dated.ts'
import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import { appsPath } from './app-document.ts'
import { findApp } from './apps.ts'
import { link } from './link.ts'
import { textOr } from './members.ts'
import { ok, type Route } from './route.ts'

const scope = 'okta.apps'

/** Returns the secret of an app. Okta has two of them for a while; here the new one takes the old one's place. */
export function appSecretRoutes(org: Org): readonly Route[] {
  const path = `${appsPath}/:id/credentials/secrets`
  const secretOf = (app: App): JsonObject[] => {
    const { clientId, auth, created, lastUpdated } = app
    if (!('clientSecret' in auth)) return []
    const id = `ocs${clientId.slice(3)}`
    return [
      {
        id,
        status: 'ACTIVE',
        client_secret: auth.clientSecret,
        secret_hash: hash('sha256', auth.clientSecret, 'base64url').slice(0, 22),
        created,
        lastUpdated,
        _links: {
          deactivate: link(
            `${org.url}${appsPath}/${clientId}/credentials/secrets/${id}/lifecycle/deactivate`,
            'POST',
          ),
        },
      },
    ]
  }
  return [
    { method: 'GET', path, scope, handle: ({ param }) => ok(secretOf(findApp(org, param('id')))) },
    {
      method: 'POST',
      path,
      scope,
      handle: ({ param, body }) => {
        const app = findApp(org, param('id'))
        const { method } = app.auth
        if (method !== 'client_secret_basic' && method !== 'client_secret_post')
          throw notFound(app.clientId, 'OAuth2ClientSecret')
        const clientSecret = textOr(body['client_secret'], createIdentifier('', 64))
        const changed: App = {
          ...app,
          auth: { method, clientSecret },
          lastUpdated: timestamp(org.clock),
        }
        org.apps.set(app.clientId, changed)
        return { status: 201, body: secretOf(changed)[0] ?? {} }
      },
    },
  ]
}
