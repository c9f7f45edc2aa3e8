import { invalid } from '../http/api-fault.ts'
import type { App, AppAuth, AppType } from '../org/app.ts'
import { createIdentifier } from '../org/identifier.ts'
import { isJsonObject, type JsonObject } from '../org/json.ts'
import { link } from './link.ts'
import { objectOr, requireObject, requireText, texts } from './members.ts'

export const appsPath = '/api/v1/apps'

/** What administrators may write about an app. */
export type AppSettings = Omit<App, 'status' | 'managementScopes' | 'created' | 'lastUpdated'>

const typeOf = new Map<unknown, AppType>([
  ['service', 'service'],
  ['web', 'web'],
  ['native', 'native'],
  ['browser', 'spa'],
])
const nameOfType = { service: 'service', web: 'web', native: 'native', spa: 'browser' } as const

/**
 * Reads what an administrator wrote; a secret that is left out of a replacement stays as it was.
 *
 * @throws ApiFault E0000001 that names the member
 */
export function parseApp(body: JsonObject, newClientId: string, previous?: App): AppSettings {
  const label = requireText(body, 'label')
  const settings = objectOr(body['settings'])
  const client = requireObject(settings, 'oauthClient', 'settings.oauthClient')
  const credentials = objectOr(body['credentials'])
  const oauth = objectOr(credentials['oauthClient'])
  const grantTypes = texts(client['grant_types'])
  if (grantTypes.length === 0)
    throw invalid('settings.oauthClient.grant_types', 'The field cannot be left blank')
  const type = typeOf.get(client['application_type'] ?? 'web')
  if (type === undefined) throw invalid('settings.oauthClient.application_type', 'The type is not supported')
  const redirectUris = texts(client['redirect_uris'])
  if (grantTypes.includes('authorization_code') && redirectUris.length === 0)
    throw invalid('settings.oauthClient.redirect_uris', 'The field cannot be left blank')
  // RFC 6749 §3.1.2.
  if (redirectUris.some((uri) => uri.includes('#')))
    throw invalid('settings.oauthClient.redirect_uris', 'A redirect URI must not have a fragment')
  const auth = parseAuth(oauth, client, previous?.auth)
  return {
    clientId: previous?.clientId ?? requestedId(oauth) ?? newClientId,
    label,
    type,
    auth,
    redirectUris,
    postLogoutRedirectUris: texts(client['post_logout_redirect_uris']),
    grantTypes,
    responseTypes: texts(client['response_types']),
    pkceRequired:
      oauth['pkce_required'] === undefined ? auth.method === 'none' : oauth['pkce_required'] === true,
    document: documentOf(body, settings, client, credentials, oauth),
  }
}

function requestedId({ client_id: asked }: JsonObject): string | undefined {
  return typeof asked === 'string' && asked !== '' ? asked : undefined
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

/** The rest of what was written: nothing that is kept elsewhere, above all no secret. */
function documentOf(
  { accessibility, visibility, profile, signOnMode }: JsonObject,
  settings: JsonObject,
  client: JsonObject,
  credentials: JsonObject,
  oauth: JsonObject,
): JsonObject {
  const { oauthClient: _, ...otherSettings } = settings
  const { oauthClient: __, ...otherCredentials } = credentials
  const { jwks, ...otherClient } = client
  const { client_id, client_secret, ...otherOauth } = oauth
  return {
    signOnMode,
    accessibility,
    visibility,
    profile,
    credentials: { ...otherCredentials, oauthClient: otherOauth },
    settings: { ...otherSettings, oauthClient: otherClient },
  }
}

/**
 * Returns an app as Okta answers it.
 *
 * @param shown - whether its secret is in it: only for whoever makes or replaces the app
 */
export function appDocument(app: App, url: string, shown: boolean = false): JsonObject {
  const { clientId, label, status, created, lastUpdated, auth, document } = app
  const self = `${url}${appsPath}/${clientId}`
  const settings = objectOr(document['settings'])
  const credentials = objectOr(document['credentials'])
  const secret = shown && 'clientSecret' in auth ? { client_secret: auth.clientSecret } : {}
  const { profile } = document
  return {
    id: clientId,
    orn: `orn:okta:idp:00oSandbox0000000001:apps:oidc_client:${clientId}`,
    name: 'oidc_client',
    label,
    status,
    lastUpdated,
    created,
    accessibility: {
      selfService: false,
      errorRedirectUrl: null,
      loginRedirectUrl: null,
      ...objectOr(document['accessibility']),
    },
    visibility: {
      autoLaunch: false,
      autoSubmitToolbar: false,
      hide: { iOS: true, web: true },
      appLinks: { oidc_client_link: true },
      ...objectOr(document['visibility']),
    },
    features: [],
    signOnMode: 'OPENID_CONNECT',
    credentials: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the expression is Okta's
      userNameTemplate: { template: '${source.login}', type: 'BUILT_IN' },
      signing: { kid: signingKid },
      ...credentials,
      oauthClient: {
        autoKeyRotation: true,
        ...objectOr(credentials['oauthClient']),
        client_id: clientId,
        ...secret,
        token_endpoint_auth_method: auth.method,
        pkce_required: app.pkceRequired,
      },
    },
    // Recorded as null for every app on a device.
    universalLogout: app.type === 'native' ? null : universalLogout,
    settings: {
      app: {},
      notifications: { vpn: { network: { connection: 'DISABLED' }, message: null, helpUrl: null } },
      manualProvisioning: false,
      implicitAssignment: false,
      emOptInStatus: 'NONE',
      ...settings,
      notes: { admin: null, enduser: null, ...objectOr(settings['notes']) },
      oauthClient: clientDocument(app, objectOr(settings['oauthClient'])),
    },
    ...(profile === undefined ? {} : { profile }),
    _links: links(self, url, status),
  }
}

const universalLogout: JsonObject = {
  status: 'DISABLED',
  supportType: 'FULL',
  identityStack: 'NOT_SHARED',
  protocol: 'GLOBAL_TOKEN_REVOCATION',
}

/** Every app of an org signs with a key of its own; here nobody asks what it signs. */
const signingKid = 'sandboxAppSigningKey0000000000000000000000'

function clientDocument(app: App, written: JsonObject): JsonObject {
  const { type, auth, redirectUris, postLogoutRedirectUris, grantTypes, responseTypes } = app
  return {
    client_uri: null,
    logo_uri: null,
    consent_method: 'TRUSTED',
    issuer_mode: 'ORG_URL',
    idp_initiated_login: { mode: 'DISABLED', default_scope: [] },
    wildcard_redirect: 'DISABLED',
    dpop_bound_access_tokens: false,
    participate_slo: false,
    ...('frontchannel_logout_uri' in written ? { frontchannel_logout_session_required: false } : {}),
    ...written,
    redirect_uris: [...redirectUris],
    response_types: [...responseTypes],
    grant_types: [...grantTypes],
    application_type: nameOfType[type],
    ...(postLogoutRedirectUris.length === 0
      ? {}
      : { post_logout_redirect_uris: [...postLogoutRedirectUris] }),
    ...('keys' in auth ? { jwks: { keys: auth.keys.map((key) => keyDocument(key, app.clientId)) } } : {}),
  }
}

/** A key as Okta completes it. */
function keyDocument(key: Readonly<Record<string, unknown>>, clientId: string): JsonObject {
  const written: JsonObject = JSON.parse(JSON.stringify(key))
  return {
    id: `pks${clientId.slice(3)}`,
    status: 'ACTIVE',
    use: null,
    ...(written['kty'] === 'EC' ? { crv: null } : {}),
    ...written,
  }
}

function links(self: string, url: string, status: App['status']): JsonObject {
  return {
    uploadLogo: link(`${self}/logo`, 'POST'),
    appLinks: [
      {
        name: 'oidc_client_link',
        href: `${url}/home/oidc_client/${self.split('/').at(-1)}`,
        type: 'text/html',
      },
    ],
    profileEnrollment: link(`${url}/api/v1/policies/rstSandbox0000000001`),
    policies: link(`${self}/policies`, 'PUT'),
    groups: link(`${self}/groups`),
    logo: [{ name: 'medium', href: `${url}/logo.png`, type: 'image/png' }],
    clientCredentials: [{ name: 'secrets', ...link(`${self}/credentials/secrets`) }],
    accessPolicy: link(`${url}/api/v1/policies/rstSandbox0000000002`),
    users: link(`${self}/users`),
    ...(status === 'ACTIVE'
      ? { deactivate: link(`${self}/lifecycle/deactivate`) }
      : { activate: link(`${self}/lifecycle/activate`) }),
  }
}
