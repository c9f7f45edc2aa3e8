import type { ErrorCode } from './error-code.ts'
import { sentences } from './sentences.ts'

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
  caller_unauthenticated: entry('caller', 'operator', false, sentences.caller_unauthenticated),

  // The hook request
  path_unknown: entry('request', 'operator', false, sentences.path_unknown),
  request_malformed: entry('request', 'operator', false, sentences.request_malformed),
  request_unsupported: entry('request', 'client', false, sentences.request_unsupported),
  assertion_missing: entry('request', 'client', false, sentences.assertion_missing),
  assertion_duplicated: entry('request', 'client', false, sentences.assertion_duplicated),

  // The assertion
  assertion_malformed: entry('assertion', 'client', false, sentences.assertion_malformed),
  assertion_too_large: entry('assertion', 'client', false, sentences.assertion_too_large),
  assertion_encrypted: entry('assertion', 'operator', false, sentences.assertion_encrypted),
  assertion_algorithm_unsupported: entry(
    'assertion',
    'operator',
    false,
    sentences.assertion_algorithm_unsupported,
  ),
  assertion_issuer_untrusted: entry('assertion', 'operator', false, sentences.assertion_issuer_untrusted),
  assertion_key_unknown: entry('assertion', 'client', true, sentences.assertion_key_unknown),
  assertion_signature_invalid: entry('assertion', 'client', false, sentences.assertion_signature_invalid),
  assertion_audience_mismatch: entry('assertion', 'client', false, sentences.assertion_audience_mismatch),
  assertion_expired: entry('assertion', 'user', false, sentences.assertion_expired),
  assertion_not_yet_valid: entry('assertion', 'issuer', true, sentences.assertion_not_yet_valid),
  assertion_type_unsupported: entry('assertion', 'client', false, sentences.assertion_type_unsupported),
  assertion_subject_missing: entry('assertion', 'client', false, sentences.assertion_subject_missing),
  assertion_subject_machine: entry('assertion', 'client', false, sentences.assertion_subject_machine),

  assertion_bound: entry('assertion', 'operator', false, sentences.assertion_bound),
  assertion_expires_soon: entry('assertion', 'user', false, sentences.assertion_expires_soon),

  // Also API B's: the token that it refuses is fine, and its user is not.
  assertion_revoked: entry('assertion', 'user', false, sentences.assertion_revoked),

  // What the assertion was sealed in
  seal_required: entry('assertion', 'client', false, sentences.seal_required),
  seal_invalid: entry('assertion', 'client', false, sentences.seal_invalid),
  seal_key_unknown: entry('assertion', 'client', true, sentences.seal_key_unknown),
  seal_client_mismatch: entry('assertion', 'client', false, sentences.seal_client_mismatch),
  seal_audience_mismatch: entry('assertion', 'client', false, sentences.seal_audience_mismatch),
  seal_expired: entry('assertion', 'client', true, sentences.seal_expired),
  seal_replayed: entry('assertion', 'client', true, sentences.seal_replayed),
  seal_store_unavailable: entry('availability', 'operator', true, sentences.seal_store_unavailable),

  // Which API the token is for
  resource_invalid: entry('request', 'client', false, sentences.resource_invalid),
  resource_unprotected: entry('request', 'operator', false, sentences.resource_unprotected),

  // Who may do what
  client_not_permitted: entry('permission', 'operator', false, sentences.client_not_permitted),
  actor_not_permitted: entry('permission', 'issuer', false, sentences.actor_not_permitted),
  actor_chain_too_deep: entry('permission', 'operator', false, sentences.actor_chain_too_deep),
  scope_not_permitted: entry('permission', 'operator', false, sentences.scope_not_permitted),
  policy_denied: entry('permission', 'operator', false, sentences.policy_denied),
  step_up_required: entry('permission', 'user', false, sentences.step_up_required),

  // What the hook depends on
  policy_unavailable: entry('availability', 'operator', true, sentences.policy_unavailable),
  keys_unavailable: entry('availability', 'issuer', true, sentences.keys_unavailable),
  revocation_unavailable: entry('availability', 'operator', true, sentences.revocation_unavailable),
  deadline_exceeded: entry('availability', 'operator', true, sentences.deadline_exceeded),
  overloaded: entry('availability', 'operator', true, sentences.overloaded),

  // What the hook would answer
  claims_too_large: entry('assertion', 'operator', false, sentences.claims_too_large),
  patch_inapplicable: entry('internal', 'operator', false, sentences.patch_inapplicable),
  internal_error: entry('internal', 'operator', true, sentences.internal_error),

  // API A: obtaining a delegated token
  // Retryable after a failed connection, say, and not after a wrong secret: the error's own `retryable` tells.
  token_request_failed: entry('exchange', 'operator', true, sentences.token_request_failed),
  // Reserved: nothing throws it. It stays because codes are stable.
  assertion_rejected: entry('exchange', 'client', false, sentences.assertion_rejected),
  seal_key_unavailable: entry('exchange', 'operator', true, sentences.seal_key_unavailable),
  origin_not_allowed: entry('exchange', 'operator', false, sentences.origin_not_allowed),

  // API B: accepting a delegated token
  token_missing: entry('token', 'client', false, sentences.token_missing),
  token_invalid: entry('token', 'client', false, sentences.token_invalid),
  token_expired: entry('token', 'client', false, sentences.token_expired),
  token_undelegated: entry('token', 'operator', false, sentences.token_undelegated),
  actor_mismatch: entry('token', 'operator', false, sentences.actor_mismatch),
  subject_mismatch: entry('token', 'operator', false, sentences.subject_mismatch),
  actor_not_allowed: entry('token', 'operator', false, sentences.actor_not_allowed),
  insufficient_scope: entry('token', 'client', false, sentences.insufficient_scope),
  replay_store_unavailable: entry('token', 'operator', true, sentences.replay_store_unavailable),
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
