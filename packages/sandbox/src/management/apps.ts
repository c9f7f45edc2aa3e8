import { ApiFault, invalid, notFound } from '../http/api-fault.ts'
import type { App, AppAuth } from '../org/app.ts'
import { createIdentifier } from '../org/identifier.ts'
import { isJsonObject, type JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import { objectOr, requireObject, requireText, texts } from './members.ts'
import { page } from './page.ts'
import { done, ok, type Route } from './route.ts'

const path = '/api/v1/apps'
const scope = 'okta.apps'

/** OpenID Connect apps: services and single-page apps. An app's id is its client id. */
export function appRoutes({ apps }: Org): readonly Route[] {
  const find = (id: string): App => {
    const app = apps.get(id)
    if (app === undefined) throw notFound(id, 'AppInstance')
    return app
  }
  const setStatus =
    (status: App['status']): Route['handle'] =>
    ({ param }) => {
      const app = find(param('id'))
      apps.set(app.clientId, { ...app, status })
      return ok({})
    }
  return [
    {
      method: 'GET',
      path,
      scope,
      handle: ({ query }) => {
        const q = query.get('q')?.toLowerCase() ?? ''
        const found = [...apps.values()].filter(({ label }) => label.toLowerCase().startsWith(q))
        return page(
          found.map((app) => toDocument(app)),
          query,
          { default: 20, max: 200 },
        )
      },
    },
    {
      method: 'POST',
      path,
      scope,
      handle: ({ body }) => {
        const app = parseApp(body, createIdentifier('0oa'))
        apps.set(app.clientId, app)
        return ok(withSecret(app))
      },
    },
    { method: 'GET', path: `${path}/:id`, scope, handle: ({ param }) => ok(toDocument(find(param('id')))) },
    {
      method: 'PUT',
      path: `${path}/:id`,
      scope,
      handle: ({ param, body }) => {
        const { clientId, status, managementScopes, auth } = find(param('id'))
        const app = { ...parseApp(body, clientId, auth), status, managementScopes }
        apps.set(clientId, app)
        return ok(withSecret(app))
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      scope,
      handle: ({ param }) => {
        const { clientId, status } = find(param('id'))
        if (status === 'ACTIVE') throw new ApiFault('E0000056', 'Delete application forbidden.')
        apps.delete(clientId)
        return done
      },
    },
    { method: 'POST', path: `${path}/:id/lifecycle/activate`, scope, handle: setStatus('ACTIVE') },
    { method: 'POST', path: `${path}/:id/lifecycle/deactivate`, scope, handle: setStatus('INACTIVE') },
  ]
}

function parseApp(body: JsonObject, newClientId: string, previous?: AppAuth): App {
  const label = requireText(body, 'label')
  const client = requireObject(objectOr(body['settings']), 'oauthClient', 'settings.oauthClient')
  const credentials = objectOr(objectOr(body['credentials'])['oauthClient'])
  const { client_id: asked } = credentials
  const clientId = typeof asked === 'string' && asked !== '' ? asked : newClientId
  const type = client['application_type'] === 'service' ? 'service' : 'spa'
  const grantTypes = texts(client['grant_types'])
  if (grantTypes.length === 0)
    throw invalid('settings.oauthClient.grant_types', 'The field cannot be left blank')
  return {
    clientId,
    label,
    type,
    status: 'ACTIVE',
    auth: parseAuth(credentials, client, previous),
    redirectUris: texts(client['redirect_uris']),
    postLogoutRedirectUris: texts(client['post_logout_redirect_uris']),
    grantTypes,
    managementScopes: [],
    profile: objectOr(body['profile']),
  }
}

function parseAuth(credentials: JsonObject, client: JsonObject, previous?: AppAuth): AppAuth {
  const method = credentials['token_endpoint_auth_method'] ?? 'client_secret_basic'
  switch (method) {
    case 'none':
      return { method }
    case 'client_secret_basic':
    case 'client_secret_post': {
      const { client_secret: given } = credentials
      const kept = previous !== undefined && 'clientSecret' in previous ? previous.clientSecret : undefined
      const clientSecret = typeof given === 'string' ? given : (kept ?? createIdentifier('', 64))
      return { method, clientSecret }
    }
    case 'private_key_jwt': {
      const { keys } = objectOr(client['jwks'])
      const given = Array.isArray(keys) ? keys.filter(isJsonObject) : []
      if (given.length === 0) throw invalid('settings.oauthClient.jwks', 'The field cannot be left blank')
      return { method, keys: given.map((key) => ({ ...key, kty: String(key['kty']) })) }
    }
    default:
      throw invalid('credentials.oauthClient.token_endpoint_auth_method', 'The method is not supported')
  }
}

/** Only whoever makes or replaces an app is shown its secret. */
function withSecret(app: App): JsonObject {
  return toDocument(app, 'clientSecret' in app.auth ? { client_secret: app.auth.clientSecret } : {})
}

function toDocument(
  { clientId, label, type, status, auth, ...app }: App,
  secret: JsonObject = {},
): JsonObject {
  return {
    id: clientId,
    name: 'oidc_client',
    label,
    status,
    signOnMode: 'OPENID_CONNECT',
    profile: app.profile ?? {},
    credentials: {
      oauthClient: {
        autoKeyRotation: true,
        client_id: clientId,
        token_endpoint_auth_method: auth.method,
        ...secret,
      },
    },
    settings: {
      oauthClient: {
        application_type: type === 'service' ? 'service' : 'browser',
        grant_types: [...app.grantTypes],
        response_types: type === 'service' ? ['token'] : ['code'],
        redirect_uris: [...app.redirectUris],
        post_logout_redirect_uris: [...app.postLogoutRedirectUris],
        ...('keys' in auth
          ? { jwks: { keys: auth.keys.map((key) => JSON.parse(JSON.stringify(key))) } }
          : {}),
      },
    },
  }
}
