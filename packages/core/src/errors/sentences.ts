import type { ErrorCode } from './error-code.ts'

/**
 * What each code says to anybody, free of values. The hook answers nothing else of the table, and a function holds what it
 * answers alone.
 */
export const sentences: Readonly<Record<ErrorCode, string>> = {
  // The caller of the hook
  caller_unauthenticated:
    'The caller of the hook did not authenticate; compare the secret registered at Okta with the one the hook was started with.',

  // The hook request
  path_unknown:
    'The hook is called at a path that is not its own; correct the URL that is registered at Okta.',
  request_malformed: 'The request is not a well-formed token inline hook request.',
  request_unsupported: 'The request is not a client_credentials token request by one confidential client.',
  assertion_missing:
    'The token request carries no assertion; pass the user\'s access token as the query parameter "assertion".',
  assertion_duplicated: 'The token request names the query parameter "assertion" more than once.',

  // The assertion
  assertion_malformed: 'The assertion is not a well-formed signed JWT.',
  assertion_too_large: 'The assertion is larger than the hook accepts.',
  assertion_encrypted:
    'The assertion is encrypted; turn off access token encryption for the application that obtained it.',
  assertion_algorithm_unsupported:
    'The assertion is signed with an algorithm that its issuer is not trusted with.',
  assertion_issuer_untrusted: 'The assertion was issued by an issuer that is not configured.',
  assertion_key_unknown: 'The assertion names no key that its issuer publishes.',
  assertion_signature_invalid: "The assertion's signature does not verify.",
  assertion_audience_mismatch: 'The assertion was not issued for the API that presents it.',
  assertion_expired: 'The assertion has expired; obtain a new access token.',
  assertion_not_yet_valid: 'The assertion is not valid yet.',
  assertion_type_unsupported:
    'The assertion is not an access token; ID tokens and other JWTs cannot be exchanged.',
  assertion_subject_missing: 'The assertion names no usable subject.',
  assertion_subject_machine:
    'The assertion belongs to a client, not to a user; machine tokens cannot be exchanged.',
  assertion_bound:
    'The assertion is bound to a key whose proof an exchange cannot see; present a bearer token, or set boundAssertions.',
  assertion_expires_soon:
    'The assertion ends too soon for a token that must not outlive it; obtain a new access token.',

  assertion_revoked:
    'The user was cut off since the first token of the chain was issued; have them sign in again.',

  // What the assertion was sealed in
  seal_required: 'The assertion is not sealed, and this hook takes sealed ones only; set seal at the client.',
  seal_invalid: 'The sealed assertion is not one that can be opened.',
  seal_key_unknown: 'The assertion is sealed for a key that the hook does not have; fetch its keys again.',
  seal_client_mismatch: 'The assertion was sealed by another client than the one that presents it.',
  seal_audience_mismatch:
    'The assertion was sealed for another authorization server than the one that was asked.',
  seal_expired: "The seal is not of this minute; seal anew for each attempt, and compare the client's clock.",
  seal_replayed: 'The sealed assertion was used before; seal anew for each attempt.',
  seal_store_unavailable: 'Whether the sealed assertion was used before could not be found out.',

  // Which API the token is for
  resource_invalid:
    'The request does not name exactly one resource that is configured, in the way in which it is to be named.',
  resource_unprotected:
    'The authorization server would issue a token that an API accepts without the hook; give it the placeholder as audience.',

  // Who may do what
  client_not_permitted: 'The client is not permitted to exchange this assertion.',
  actor_not_permitted: 'The assertion does not let this client act for its subject.',
  actor_chain_too_deep: 'The chain of actors is longer than permitted.',
  scope_not_permitted: 'A scope of the request is not permitted for this client.',
  policy_denied: 'Policy does not permit this delegation.',
  step_up_required:
    'Policy permits this delegation only after another sign-in of the user, or with more scopes of theirs.',

  // What the hook depends on
  policy_unavailable: 'The policy could not be evaluated.',
  keys_unavailable: "The issuer's signing keys could not be obtained.",
  revocation_unavailable: 'Whether the user was cut off could not be found out.',
  deadline_exceeded: 'The decision was not reached in time.',
  overloaded: 'Too many requests are under way.',

  // What the hook would answer
  claims_too_large: 'The claims to copy are larger than permitted; narrow the configuration of claims.',
  patch_inapplicable: 'Okta would not apply the resulting token changes; narrow the configuration of claims.',
  internal_error: 'The hook failed; its log has the details.',

  // API A: obtaining a delegated token
  token_request_failed: 'The token request failed.',
  assertion_rejected: 'The assertion was rejected before it was sent.',
  seal_key_unavailable:
    'The key to seal the assertion for could not be obtained, and nothing is sent unsealed.',
  origin_not_allowed: 'The origin is not one that may receive delegated tokens; add it to allowedOrigins.',

  // API B: accepting a delegated token
  token_missing: 'The request carries no access token.',
  token_invalid: 'The access token is not valid here.',
  token_expired: 'The access token has expired.',
  token_undelegated: 'The access token does not act on behalf of a user.',
  actor_mismatch: 'The actor is not the client that the token was issued to.',
  subject_mismatch: "The token's subject is not the assertion's subject.",
  actor_not_allowed: 'The actor may not act for users here.',
  insufficient_scope: 'The access token lacks a scope that is required here.',
  replay_store_unavailable: 'Whether the DPoP proof was used before could not be found out.',
}
