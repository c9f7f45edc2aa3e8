import { expect, it, test } from 'vitest'
import { describeNetworkFault } from '../../src/http/network-fault.ts'

const withCode = (code: unknown, cause?: unknown): Error =>
  Object.assign(new Error('canary', { cause }), { code })

it.each([
  [withCode('ECONNREFUSED'), 'ECONNREFUSED', /nothing listens there/],
  [withCode('ENOTFOUND'), 'ENOTFOUND', /^the host name is not known here; check it and DNS$/],
  [new TypeError('fetch failed', { cause: withCode('EAI_AGAIN') }), 'EAI_AGAIN', /DNS does not answer/],
  [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'DEPTH_ZERO_SELF_SIGNED_CERT', /NODE_EXTRA_CA_CERTS/],
  [withCode('ERR_WRAPPED', withCode('CERT_HAS_EXPIRED')), 'CERT_HAS_EXPIRED', /has ended/],
  [
    new TypeError('fetch failed', { cause: new AggregateError([withCode('ECONNREFUSED')]) }),
    'ECONNREFUSED',
    /nothing listens there/,
  ],
  [new DOMException('canary', 'TimeoutError'), 'TIMEOUT', /in time/],
  [{ type: 'request-timeout', message: 'canary' }, 'TIMEOUT', /in time/],
  [new TypeError('fetch failed', { cause: new Error('bad port') }), 'BAD_PORT', /another protocol/],
])('%s is told by its code and a remedy', (error, code, remedy) => {
  const fault = describeNetworkFault(error)
  expect(fault).toMatchObject({
    code,
    remedy: expect.stringMatching(remedy),
    detail: `could not be reached (${code}: ${fault.remedy})`,
  })
  expect(fault.detail).not.toContain('canary')
})

it.each([
  ['ENOTFOUND', true],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', true],
  ['CERT_HAS_EXPIRED', true],
  ['ERR_TLS_CERT_ALTNAME_INVALID', true],
  ['EAI_AGAIN', undefined],
  ['ECONNREFUSED', undefined],
  ['ECONNRESET', undefined],
  ['ETIMEDOUT', undefined],
  ['CERT_NOT_YET_VALID', undefined],
  ['ERR_UNKNOWN', undefined],
])('%s stays so until somebody changes something: %s', (code, permanent) => {
  expect(describeNetworkFault(withCode(code)).permanent).toBe(permanent)
})

test('a code that nobody knows is told without a remedy, the outermost one', () => {
  expect(describeNetworkFault(withCode('ERR_OUTER', withCode('ERR_INNER')))).toEqual({
    code: 'ERR_OUTER',
    detail: 'could not be reached (ERR_OUTER)',
  })
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
