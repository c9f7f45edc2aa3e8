import type { ErrorCode } from './error-code.ts'

/** What kind of fault a code names; few classes, many codes. */
export type ErrorClass =
  | 'caller'
  | 'request'
  | 'assertion'
  | 'permission'
  | 'availability'
  | 'internal'
  | 'exchange'
  | 'token'

/** Who can mend the fault. */
export type Remedy = 'operator' | 'client' | 'user' | 'issuer'

/** One row of the error table. */
export interface ErrorEntry {
  readonly class: ErrorClass
  /** Who must act for the next attempt to succeed. */
  readonly remedy: Remedy
  /**
   * Whether the same request can succeed later without anybody changing anything; where the circumstances
   * decide, an error's own `retryable` says otherwise.
   */
  readonly retryable: boolean
  /** The public sentence: safe to show to anybody, free of values. */
  readonly sentence: string
}

const entry = (errorClass: ErrorClass, remedy: Remedy, retryable: boolean, sentence: string): ErrorEntry => ({
  class: errorClass,
  remedy,
  retryable,
  sentence,
})

/**
 * Every code that Behalf answers, logs or throws. Codes are stable: they are never renamed, and a new
 * fault gets a new code. `docs/reference/errors.md` is generated from this table.
 */
export const errorTable: Readonly<Record<ErrorCode, ErrorEntry>> = {
  // The caller of the hook
  caller_unauthenticated: entry(
    'caller',
    'operator',
    false,
    'The caller of the hook did not authenticate; compare the secret registered at Okta with the one the hook was started with.',
  ),

  // The hook request
  path_unknown: entry(
    'request',
    'operator',
    false,
    'The hook is called at a path that is not its own; correct the URL that is registered at Okta.',
  ),
  request_malformed: entry(
    'request',
    'operator',
    false,
    'The request is not a well-formed token inline hook request.',
  ),
  request_unsupported: entry(
    'request',
    'client',
    false,
    'The request is not a client_credentials token request by one confidential client.',
  ),
  assertion_missing: entry(
    'request',
    'client',
    false,
    'The token request carries no assertion; pass the user\'s access token as the query parameter "assertion".',
  ),
  assertion_duplicated: entry(
    'request',
    'client',
    false,
    'The token request names the query parameter "assertion" more than once.',
  ),

  // The assertion
  assertion_malformed: entry('assertion', 'client', false, 'The assertion is not a well-formed signed JWT.'),
  assertion_too_large: entry('assertion', 'client', false, 'The assertion is larger than the hook accepts.'),
  assertion_encrypted: entry(
    'assertion',
    'operator',
    false,
    'The assertion is encrypted; turn off access token encryption for the application that obtained it.',
  ),
  assertion_algorithm_unsupported: entry(
    'assertion',
    'operator',
    false,
    'The assertion is signed with an algorithm that its issuer is not trusted with.',
  ),
  assertion_issuer_untrusted: entry(
    'assertion',
    'operator',
    false,
    'The assertion was issued by an issuer that is not configured.',
  ),
  assertion_key_unknown: entry(
    'assertion',
    'client',
    true,
    'The assertion names no key that its issuer publishes.',
  ),
  assertion_signature_invalid: entry(
    'assertion',
    'client',
    false,
    "The assertion's signature does not verify.",
  ),
  assertion_audience_mismatch: entry(
    'assertion',
    'client',
    false,
    'The assertion was not issued for the API that presents it.',
  ),
  assertion_expired: entry(
    'assertion',
    'user',
    false,
    'The assertion has expired; obtain a new access token.',
  ),
  assertion_not_yet_valid: entry('assertion', 'issuer', true, 'The assertion is not valid yet.'),
  assertion_type_unsupported: entry(
    'assertion',
    'client',
    false,
    'The assertion is not an access token; ID tokens and other JWTs cannot be exchanged.',
  ),
  assertion_subject_missing: entry('assertion', 'client', false, 'The assertion names no usable subject.'),
  assertion_subject_machine: entry(
    'assertion',
    'client',
    false,
    'The assertion belongs to a client, not to a user; machine tokens cannot be exchanged.',
  ),

  assertion_bound: entry(
    'assertion',
    'operator',
    false,
    'The assertion is bound to a key whose proof an exchange cannot see; present a bearer token, or set boundAssertions.',
  ),
  assertion_expires_soon: entry(
    'assertion',
    'user',
    false,
    'The assertion ends too soon for a token that must not outlive it; obtain a new access token.',
  ),

  // What the assertion was sealed in
  seal_required: entry(
    'assertion',
    'client',
    false,
    'The assertion is not sealed, and this hook takes sealed ones only; set seal at the client.',
  ),
  seal_invalid: entry('assertion', 'client', false, 'The sealed assertion is not one that can be opened.'),
  seal_key_unknown: entry(
    'assertion',
    'client',
    true,
    'The assertion is sealed for a key that the hook does not have; fetch its keys again.',
  ),
  seal_client_mismatch: entry(
    'assertion',
    'client',
    false,
    'The assertion was sealed by another client than the one that presents it.',
  ),
  seal_audience_mismatch: entry(
    'assertion',
    'client',
    false,
    'The assertion was sealed for another authorization server than the one that was asked.',
  ),
  seal_expired: entry(
    'assertion',
    'client',
    true,
    "The seal is not of this minute; seal anew for each attempt, and compare the client's clock.",
  ),
  seal_replayed: entry(
    'assertion',
    'client',
    true,
    'The sealed assertion was used before; seal anew for each attempt.',
  ),
  seal_store_unavailable: entry(
    'availability',
    'operator',
    true,
    'Whether the sealed assertion was used before could not be found out.',
  ),

  // Which API the token is for
  resource_invalid: entry(
    'request',
    'client',
    false,
    'The request does not name exactly one resource that is configured, in the way in which it is to be named.',
  ),
  resource_unprotected: entry(
    'request',
    'operator',
    false,
    'The authorization server would issue a token that an API accepts without the hook; give it the placeholder as audience.',
  ),

  // Who may do what
  client_not_permitted: entry(
    'permission',
    'operator',
    false,
    'The client is not permitted to exchange this assertion.',
  ),
  actor_not_permitted: entry(
    'permission',
    'issuer',
    false,
    'The assertion does not let this client act for its subject.',
  ),
  actor_chain_too_deep: entry(
    'permission',
    'operator',
    false,
    'The chain of actors is longer than permitted.',
  ),
  scope_not_permitted: entry(
    'permission',
    'operator',
    false,
    'A scope of the request is not permitted for this client.',
  ),
  policy_denied: entry('permission', 'operator', false, 'Policy does not permit this delegation.'),
  step_up_required: entry(
    'permission',
    'user',
    false,
    'Policy permits this delegation only after another sign-in of the user, or with more scopes of theirs.',
  ),

  // What the hook depends on
  policy_unavailable: entry('availability', 'operator', true, 'The policy could not be evaluated.'),
  keys_unavailable: entry('availability', 'issuer', true, "The issuer's signing keys could not be obtained."),
  deadline_exceeded: entry('availability', 'operator', true, 'The decision was not reached in time.'),
  overloaded: entry('availability', 'operator', true, 'Too many requests are under way.'),

  // What the hook would answer
  claims_too_large: entry(
    'assertion',
    'operator',
    false,
    'The claims to copy are larger than permitted; narrow the configuration of claims.',
  ),
  patch_inapplicable: entry(
    'internal',
    'operator',
    false,
    'Okta would not apply the resulting token changes; narrow the configuration of claims.',
  ),
  internal_error: entry('internal', 'operator', true, 'The hook failed; its log has the details.'),

  // API A: obtaining a delegated token
  // Retryable after a failed connection, say, and not after a wrong secret: the error's own `retryable` tells.
  token_request_failed: entry('exchange', 'operator', true, 'The token request failed.'),
  // Reserved: nothing throws it. It stays because codes are stable.
  assertion_rejected: entry('exchange', 'client', false, 'The assertion was rejected before it was sent.'),
  seal_key_unavailable: entry(
    'exchange',
    'operator',
    true,
    'The key to seal the assertion for could not be obtained, and nothing is sent unsealed.',
  ),
  origin_not_allowed: entry(
    'exchange',
    'operator',
    false,
    'The origin is not one that may receive delegated tokens; add it to allowedOrigins.',
  ),

  // API B: accepting a delegated token
  token_missing: entry('token', 'client', false, 'The request carries no access token.'),
  token_invalid: entry('token', 'client', false, 'The access token is not valid here.'),
  token_expired: entry('token', 'client', false, 'The access token has expired.'),
  token_undelegated: entry('token', 'operator', false, 'The access token does not act on behalf of a user.'),
  actor_mismatch: entry(
    'token',
    'operator',
    false,
    'The actor is not the client that the token was issued to.',
  ),
  subject_mismatch: entry('token', 'operator', false, "The token's subject is not the assertion's subject."),
  actor_not_allowed: entry('token', 'operator', false, 'The actor may not act for users here.'),
  insufficient_scope: entry(
    'token',
    'client',
    false,
    'The access token lacks a scope that is required here.',
  ),
  replay_store_unavailable: entry(
    'token',
    'operator',
    true,
    'Whether the DPoP proof was used before could not be found out.',
  ),
}

/**
 * Says whether a string is one of Behalf's codes.
 *
 * @example
 * ```ts
 * import { isErrorCode } from '@behalf/core'
 *
 * isErrorCode('assertion_expired') // true
 * ```
 */
export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(errorTable, value)
}
