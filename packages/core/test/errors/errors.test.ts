import { inspect } from 'node:util'
import { describe, expect, it, test } from 'vitest'
import { BehalfError } from '../../src/errors/behalf-error.ts'
import { errorTable, isErrorCode } from '../../src/errors/codes.ts'
import { deny } from '../../src/errors/denial.ts'
import type { ErrorCode } from '../../src/errors/error-code.ts'
import { pass } from '../../src/result.ts'

const codes = Object.keys(errorTable).filter(isErrorCode)

describe('errorTable', () => {
  test.each(codes)('has one plain public sentence for %s', (code) => {
    const { sentence } = errorTable[code]
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(sentence).toMatch(/^[A-Z][^\n<>`|]{10,160}\.$/)
  })

  test('has every sentence once', () => {
    expect(new Set(codes.map((code) => errorTable[code].sentence)).size).toBe(codes.length)
  })

  // Codes are stable: one that is missing here was renamed or removed, which no release may do.
  const published: readonly ErrorCode[] = [
    'caller_unauthenticated',
    'request_malformed',
    'request_unsupported',
    'assertion_missing',
    'assertion_duplicated',
    'assertion_malformed',
    'assertion_too_large',
    'assertion_encrypted',
    'assertion_algorithm_unsupported',
    'assertion_issuer_untrusted',
    'assertion_key_unknown',
    'assertion_signature_invalid',
    'assertion_audience_mismatch',
    'assertion_expired',
    'assertion_not_yet_valid',
    'assertion_type_unsupported',
    'assertion_subject_missing',
    'assertion_subject_machine',
    'client_not_permitted',
    'actor_not_permitted',
    'actor_chain_too_deep',
    'scope_not_permitted',
    'policy_denied',
    'policy_unavailable',
    'keys_unavailable',
    'deadline_exceeded',
    'overloaded',
    'claims_too_large',
    'patch_inapplicable',
    'internal_error',
    'token_request_failed',
    'assertion_rejected',
    'origin_not_allowed',
    'token_missing',
    'token_invalid',
    'token_expired',
    'token_undelegated',
    'actor_mismatch',
    'subject_mismatch',
    'actor_not_allowed',
    'insufficient_scope',
  ]
  test('keeps every code that was ever published', () => {
    expect(codes).toEqual(expect.arrayContaining([...published]))
  })
})

describe('isErrorCode', () => {
  it.each(['', 'unknown', 'constructor', '__proto__', 'toString', 'Assertion_expired'])(
    'does not take %j for a code',
    (value) => {
      expect(isErrorCode(value)).toBe(false)
    },
  )
})

describe('BehalfError', () => {
  test('tells code, class, sentence and detail', () => {
    const error = new BehalfError('insufficient_scope', { detail: 'orders:read is required' })
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe('BehalfError')
    expect(error).toMatchObject({
      code: 'insufficient_scope',
      class: 'token',
      retryable: false,
      detail: 'orders:read is required',
    })
    expect(error.message).toBe(
      'insufficient_scope: The access token lacks a scope that is required here. (orders:read is required)',
    )
    expect(`${new BehalfError('token_expired')}`).toBe(
      'BehalfError: token_expired: The access token has expired.',
    )
  })

  test('is retryable as the table or the circumstances say', () => {
    expect(new BehalfError('keys_unavailable').retryable).toBe(true)
    expect(new BehalfError('keys_unavailable', { retryable: false }).retryable).toBe(false)
    expect(new BehalfError('token_invalid', { retryable: true }).retryable).toBe(true)
  })

  test('carries no cause', () => {
    const error = new BehalfError('token_invalid')
    expect('cause' in error).toBe(false)
    expect(inspect(error, { showHidden: true })).not.toMatch(/\bcause\b/)
  })
})

describe('outcomes', () => {
  test('hold a value or a fault, and no empty detail', () => {
    expect(pass(1)).toStrictEqual({ ok: true, value: 1 })
    expect(deny('policy_denied')).toStrictEqual({ ok: false, fault: { code: 'policy_denied' } })
    expect(deny('policy_denied', 'why')).toStrictEqual({
      ok: false,
      fault: { code: 'policy_denied', detail: 'why' },
    })
  })
})
