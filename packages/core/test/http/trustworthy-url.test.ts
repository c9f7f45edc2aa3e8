import { describe, expect, it } from 'vitest'
import { isHostName, isTrustworthyUrl, whyUntrustworthy } from '../../src/http/trustworthy-url.ts'

describe('isTrustworthyUrl', () => {
  it.each([
    'https://example.okta.com/oauth2/default',
    'https://10.0.0.1/keys',
    'http://localhost:8080/oauth2/default',
    'http://127.0.0.1/',
    'http://127.9.9.9:1/',
    'http://[::1]:8080/',
    'http://okta.localhost:8090/oauth2/default',
    'http://a.b.LOCALHOST/',
  ])('trusts %s', (url) => {
    expect(isTrustworthyUrl(url)).toBe(true)
  })

  it.each([
    '',
    'example.okta.com',
    '/oauth2/default',
    'http://example.okta.com/oauth2/default',
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/',
    'http://[::ffff:7f00:1]/',
    'http://localhost.example.com/',
    'http://examplelocalhost/',
    'http://localhost./',
    'http://127.0.0.1.example.com/',
    'http://localhost@example.com/',
    'https://user@example.okta.com/',
    'https://user:password@example.okta.com/',
    'https://:password@example.okta.com/',
    'https://example.okta.com/#fragment',
    'https://example.okta.com/#',
    'file:///etc/passwd',
    'ftp://localhost/',
    'data:application/json,{}',
    'javascript:1',
    'https://',
    ' https://example.okta.com/oauth2/default',
    'https://example.okta.com/oauth2/default\n',
    'https://example.okta.com/oauth2/de\tfault',
    'https:\\\\example.okta.com\\oauth2',
  ])('does not trust %j', (url) => {
    expect(isTrustworthyUrl(url)).toBe(false)
  })
})

describe('a host that was named in insecureHosts', () => {
  const host = 'api-b.default.svc.cluster.local'
  const insecureHosts = new Set([host])

  it.each([`http://${host}`, `http://${host}:3002/oauth2/default`, `http://${host.toUpperCase()}/`])(
    'may be called by plain http: %s',
    (url) => {
      expect(isTrustworthyUrl(url, insecureHosts)).toBe(true)
      expect(whyUntrustworthy(url)).toMatch(/^is plain http .*insecureHosts \(INSECURE_HOSTS\)$/)
    },
  )

  it.each([
    `http://x.${host}/`,
    `http://${host}.evil.example/`,
    `http://${host}./`,
    `http://user@${host}/`,
    `http://${host}/#fragment`,
    `http://${host}@evil.example/`,
    `ftp://${host}/`,
    'http://default.svc.cluster.local/',
  ])('opens no way to %s', (url) => {
    expect(isTrustworthyUrl(url, insecureHosts)).toBe(false)
  })
})

describe('isHostName', () => {
  it.each(['api-b', 'api-b.default.svc.cluster.local', '10.0.0.7', '[fd00::7]'])('takes %s', (host) => {
    expect(isHostName(host)).toBe(true)
  })

  it.each([
    '',
    'api-b:3002',
    'API-B',
    'http://api-b',
    'api-b/',
    '*.svc',
    'a b',
    'u@api-b',
    'bücher',
    1,
    undefined,
  ])('does not take %j', (host) => {
    expect(isHostName(host)).toBe(false)
  })
})
