import { describe, expect, it } from 'vitest'
import { whyUnreachable } from '../src/okta/unreachable.ts'

describe('why no answer came', () => {
  it.each([
    [Object.assign(new Error('getaddrinfo ENOTFOUND x?secret=1'), { code: 'ENOTFOUND' }), 'ENOTFOUND', /DNS/],
    [
      new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }),
      'ECONNRESET',
      /broken off/,
    ],
    [
      new TypeError('fetch failed', {
        cause: new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })]),
      }),
      'ECONNREFUSED',
      /nothing listens/,
    ],
    [new DOMException('The operation timed out', 'TimeoutError'), 'TIMEOUT', /in time/],
    [{ type: 'request-timeout', message: 'network timeout at: https://x/?secret=1' }, 'TIMEOUT', /in time/],
    [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', /NODE_EXTRA_CA_CERTS/],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'ERR_TLS_CERT_ALTNAME_INVALID', /other names/],
    [new Error('something with a secret'), 'UNKNOWN', /check the URL/],
    [undefined, 'UNKNOWN', /check the URL/],
  ])('%s', (error, code, remedy) => {
    const why = whyUnreachable(error)
    expect(why).toEqual({ code, remedy: expect.stringMatching(remedy) })
    expect(JSON.stringify(why)).not.toContain('secret')
  })
})
