import { expect, it, test } from 'vitest'
import { describeNetworkFault } from '../../src/http/network-fault.ts'

const withCode = (code: unknown, cause?: unknown): Error =>
  Object.assign(new Error('canary', { cause }), { code })

it.each([
  [withCode('ECONNREFUSED'), 'ECONNREFUSED', /nothing listens there; check host and port/],
  [new TypeError('fetch failed', { cause: withCode('EAI_AGAIN') }), 'EAI_AGAIN', /name servers/],
  [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'DEPTH_ZERO_SELF_SIGNED_CERT', /NODE_EXTRA_CA_CERTS/],
  [withCode('ERR_WRAPPED', withCode('CERT_HAS_EXPIRED')), 'CERT_HAS_EXPIRED', /has expired/],
  [withCode('ERR_OUTER', withCode('ERR_INNER')), 'ERR_OUTER', /\(ERR_OUTER\)$/],
])('%s is told by its code and a remedy', (error, code, detail) => {
  const fault = describeNetworkFault(error)
  expect(fault).toEqual({ code, detail: expect.stringMatching(detail) })
  expect(fault.detail).toMatch(/^could not be reached \(/)
  expect(fault.detail).not.toContain('canary')
})

it.each([
  undefined,
  null,
  'canary',
  new Error('canary'),
  withCode('canary'),
  withCode('CANARY https://example.com/?assertion=x'),
  withCode('A'.repeat(65)),
  withCode(404),
  withCode({ toString: () => 'ENOTFOUND' }),
])('%s has no code that may be told', (error) => {
  expect(describeNetworkFault(error)).toEqual({ detail: 'could not be reached' })
})

test('causes in a circle come to an end', () => {
  const error = new Error('canary')
  error.cause = error
  expect(describeNetworkFault(error)).toEqual({ detail: 'could not be reached' })
})
