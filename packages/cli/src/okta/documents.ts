import type { JsonObject } from '@behalf/core'
import { machineGrant } from './rules.ts'

/** Returns a service app: API A. Its mark says who has made it. */
export function serviceAppDocument(app: {
  readonly label: string
  readonly authentication: string
  readonly mark: string
  /** For `private_key_jwt`: the public key. */
  readonly publicJwk?: JsonObject
}): JsonObject {
  const { label, authentication, mark, publicJwk } = app
  return {
    name: 'oidc_client',
    label,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: authentication, autoKeyRotation: true } },
    settings: {
      oauthClient: {
        application_type: 'service',
        grant_types: [machineGrant],
        response_types: ['token'],
        ...(publicJwk === undefined ? {} : { jwks: { keys: [publicJwk] } }),
      },
    },
    profile: { createdBy: mark },
  }
}

/** Returns a native app, which signs people in with PKCE. Its mark says who has made it. */
export function nativeAppDocument(app: {
  readonly label: string
  readonly redirectUri: string
  readonly mark: string
}): JsonObject {
  const { label, redirectUri, mark } = app
  return {
    name: 'oidc_client',
    label,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'none', pkce_required: true } },
    settings: {
      oauthClient: {
        application_type: 'native',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [redirectUri],
      },
    },
    profile: { createdBy: mark },
  }
}

/** Returns an access policy for some clients, tried before all others. Its mark says who has made it. */
export function policyDocument(policy: {
  readonly name: string
  readonly mark: string
  readonly clientIds: readonly string[]
}): JsonObject {
  const { name, mark, clientIds } = policy
  return {
    type: 'OAUTH_AUTHORIZATION_POLICY',
    status: 'ACTIVE',
    name,
    description: mark,
    priority: 1,
    conditions: { clients: { include: [...clientIds] } },
  }
}

/** Returns a rule for machine tokens alone that calls a hook. */
export function machineRuleDocument(rule: {
  readonly name: string
  readonly scopes: readonly string[]
  readonly lifetimeMinutes: number
  readonly hookId: string
}): JsonObject {
  const { name, scopes, lifetimeMinutes, hookId } = rule
  return {
    type: 'RESOURCE_ACCESS',
    status: 'ACTIVE',
    name,
    priority: 1,
    conditions: {
      people: { users: { include: [], exclude: [] }, groups: { include: ['EVERYONE'], exclude: [] } },
      grantTypes: { include: [machineGrant] },
      scopes: { include: [...scopes] },
    },
    actions: {
      token: {
        accessTokenLifetimeMinutes: lifetimeMinutes,
        refreshTokenLifetimeMinutes: 0,
        refreshTokenWindowMinutes: 10_080,
        inlineHook: { id: hookId },
      },
    },
  }
}

/** Returns a scope of an authorization server. Its mark says who has made it. */
export function scopeDocument(name: string, mark: string): JsonObject {
  return { name, description: mark, consent: 'IMPLICIT', metadataPublish: 'NO_CLIENTS' }
}
