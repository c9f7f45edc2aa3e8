import type { JsonObject } from '@behalf/sandbox'
import type { Resource } from './module.ts'

/** One request of the provider when it makes a resource; references are in it as they are in the module. */
export interface ProviderRequest {
  readonly resource: string
  readonly path: string
  readonly body: JsonObject
}

type Attributes = Resource['attributes']

/**
 * What the provider sends to make each resource: members, defaults and spelling are those of its own recorded traffic
 * (test/fixtures/vcr of okta/terraform-provider-okta, as of June 2026).
 */
const requests: Readonly<
  Record<string, (attributes: Attributes) => readonly [path: string, body: JsonObject]>
> = {
  okta_auth_server: ({ name, description, audiences, issuer_mode: issuerMode }) => [
    '/api/v1/authorizationServers',
    json({ audiences, credentials: { signing: { rotationMode: 'AUTO' } }, description, issuerMode, name }),
  ],
  okta_auth_server_scope: ({
    auth_server_id: server,
    name,
    description,
    consent,
    metadata_publish: published,
  }) => [
    `/api/v1/authorizationServers/${server}/scopes`,
    json({ consent, default: false, description, metadataPublish: published, name, optional: false }),
  ],
  okta_app_oauth: (attributes) => [
    '/api/v1/apps?activate=true',
    json({
      accessibility: {},
      credentials: {
        oauthClient: {
          autoKeyRotation: true,
          pkce_required: false,
          token_endpoint_auth_method: attributes['token_endpoint_auth_method'],
        },
        userNameTemplate: { template: '$' + '{source.login}', type: 'BUILT_IN' },
      },
      label: attributes['label'],
      name: 'oidc_client',
      ...(attributes['profile'] === undefined ? {} : { profile: JSON.parse(String(attributes['profile'])) }),
      settings: {
        notes: {},
        oauthClient: {
          application_type: attributes['type'],
          consent_method: 'TRUSTED',
          dpop_bound_access_tokens: false,
          grant_types: attributes['grant_types'],
          idp_initiated_login: { default_scope: [], mode: 'DISABLED' },
          issuer_mode: 'ORG_URL',
          ...(attributes['jwks'] === undefined ? {} : { jwks: { keys: attributes['jwks'] } }),
          response_types: attributes['response_types'],
          wildcard_redirect: 'DISABLED',
        },
      },
      signOnMode: 'OPENID_CONNECT',
      visibility: { hide: { iOS: true, web: true } },
    }),
  ],
  okta_inline_hook: ({ name, type, version, channel_json: channel }) => [
    '/api/v1/inlineHooks',
    json({ channel: JSON.parse(String(channel)), name, status: 'ACTIVE', type, version }),
  ],
  okta_auth_server_policy: ({
    auth_server_id: server,
    name,
    description,
    priority,
    client_whitelist: include,
  }) => [
    `/api/v1/authorizationServers/${server}/policies`,
    json({
      conditions: { clients: { include } },
      description,
      name,
      priority,
      status: 'ACTIVE',
      type: 'OAUTH_AUTHORIZATION_POLICY',
    }),
  ],
  okta_auth_server_policy_rule: (attributes) => [
    `/api/v1/authorizationServers/${attributes['auth_server_id']}/policies/${attributes['policy_id']}/rules`,
    json({
      actions: {
        token: {
          accessTokenLifetimeMinutes: attributes['access_token_lifetime_minutes'],
          inlineHook: { id: attributes['inline_hook_id'] },
          refreshTokenLifetimeMinutes: attributes['refresh_token_lifetime_minutes'],
          refreshTokenWindowMinutes: attributes['refresh_token_window_minutes'],
        },
      },
      conditions: {
        grantTypes: { include: attributes['grant_type_whitelist'] },
        people: { groups: { include: attributes['group_whitelist'] }, users: {} },
        scopes: { include: attributes['scope_whitelist'] },
      },
      name: attributes['name'],
      priority: attributes['priority'],
      status: 'ACTIVE',
      type: 'RESOURCE_ACCESS',
    }),
  ],
}

/** Says what the provider sends for a resource. */
export function requestOf({ type, name, key, attributes }: Resource): ProviderRequest {
  const describe = requests[type]
  if (describe === undefined) throw new Error(`nothing was recorded of ${type}`)
  const [path, body] = describe(attributes)
  return { resource: `${type}.${name}${key === undefined ? '' : `["${key}"]`}`, path, body }
}

/** References become their text; what is undefined is left out. */
function json(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value))
}
