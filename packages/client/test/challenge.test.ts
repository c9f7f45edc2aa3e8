import { expect, test } from 'vitest'
import { asksForAnotherToken } from '../src/fetch/challenge.ts'

test.each<[string | undefined, boolean]>([
  [undefined, true],
  ['', true],
  ['Bearer', true],
  ['Bearer realm="orders"', true],
  ['Bearer error="invalid_token"', true],
  ['bearer error=invalid_token', true],
  ['DPoP error="invalid_token", algs="ES256"', true],
  ['Basic realm="x", Bearer error="invalid_token"', true],
  ['Bearer error="invalid_token", error_uri="https://b.example/?error=42"', true],
  ['Bearer realm="x", error="invalid_token", error_description="bad, error=expired"', true],
  ['Bearer error="invalid_request"', false],
  ['Bearer error = "invalid_request"', false],
  ['Bearer error="invalid_tokens"', false],
  ['Bearer error="insufficient_scope"', false],
  ['DPoP error="invalid_dpop_proof"', false],
  ['Bearer error="invalid_token", DPoP error="invalid_dpop_proof"', false],
  ['Basic realm="bearer tokens"', false],
  ['Negotiate', false],
])('the challenge %j: %s', (challenge, asks) => {
  const headers = new Headers(challenge === undefined ? {} : { 'www-authenticate': challenge })
  expect(asksForAnotherToken({ status: 401, headers })).toBe(asks)
  expect(asksForAnotherToken({ status: 403, headers })).toBe(false)
})

test('is read in no time, however long it is', () => {
  const headers = new Headers({
    'www-authenticate': `Bearer ${'a-'.repeat(100_000)}${'\\"'.repeat(100_000)}`,
  })
  expect(asksForAnotherToken({ status: 401, headers })).toBe(true)
})
