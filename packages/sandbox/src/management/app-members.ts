import type { JsonObject } from '../org/json.ts'
import { outcomeOf } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import { objectOr } from './members.ts'
import { settleUnknown } from './unknown-members.ts'

/** What Okta's description of the API lists of an OAuth client. */
const clientMembers: readonly string[] = [
  'application_type',
  'backchannel_authentication_request_signing_alg',
  'backchannel_custom_authenticator_id',
  'backchannel_token_delivery_mode',
  'client_uri',
  'consent_method',
  'dpop_bound_access_tokens',
  'email_verified',
  'frontchannel_logout_session_required',
  'frontchannel_logout_uri',
  'grant_types',
  'id_token_encrypted_response_alg',
  'idp_initiated_login',
  'initiate_login_uri',
  'issuer_mode',
  'jwks',
  'jwks_uri',
  'logo_uri',
  'network',
  'participate_slo',
  'policy_uri',
  'post_logout_redirect_uris',
  'redirect_uris',
  'refresh_token',
  'request_object_signing_alg',
  'response_types',
  'sector_identifier_uri',
  'subject_type',
  'tos_uri',
  'wildcard_redirect',
]

/** Returns an app as it was written, but for members of its client that the org drops or refuses. */
export function settleClient(body: JsonObject, { facts }: Org): JsonObject {
  const settings = objectOr(body['settings'])
  const treatment = outcomeOf(facts, 'unknown-member-of-app')
  const oauthClient = settings['oauthClient']
  if (treatment === 'kept' || oauthClient === undefined) return body
  return {
    ...body,
    settings: { ...settings, oauthClient: settleUnknown(objectOr(oauthClient), clientMembers, treatment) },
  }
}
