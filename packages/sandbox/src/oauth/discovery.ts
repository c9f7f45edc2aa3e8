import type { AuthorizationServer } from '../org/authorization-server.ts'
import type { JsonObject } from '../org/json.ts'

const clientAuthMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']

/**
 * Returns the metadata of an authorization server, under Okta's paths.
 * @see RFC 8414 §2
 */
export function serverMetadata({ issuer, scopes }: AuthorizationServer): JsonObject {
  return {
    issuer,
    authorization_endpoint: `${issuer}/v1/authorize`,
    token_endpoint: `${issuer}/v1/token`,
    jwks_uri: `${issuer}/v1/keys`,
    introspection_endpoint: `${issuer}/v1/introspect`,
    revocation_endpoint: `${issuer}/v1/revoke`,
    end_session_endpoint: `${issuer}/v1/logout`,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post', 'okta_post_message'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    subject_types_supported: ['public'],
    scopes_supported: scopes
      .filter(({ metadataPublish }) => metadataPublish === 'ALL_CLIENTS')
      .map(({ name }) => name),
    claims_supported: ['ver', 'jti', 'iss', 'aud', 'iat', 'exp', 'cid', 'uid', 'scp', 'sub'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: clientAuthMethods,
    introspection_endpoint_auth_methods_supported: clientAuthMethods,
    revocation_endpoint_auth_methods_supported: clientAuthMethods,
    request_parameter_supported: false,
  }
}

/**
 * Returns the metadata of an authorization server as an OpenID provider.
 * @see OpenID Connect Discovery 1.0 §3
 */
export function openIdMetadata(server: AuthorizationServer): JsonObject {
  return {
    ...serverMetadata(server),
    userinfo_endpoint: `${server.issuer}/v1/userinfo`,
    id_token_signing_alg_values_supported: ['RS256'],
  }
}
