import { describe, expect, it } from 'vitest'
import { isTrustworthyUrl } from '../../src/http/trustworthy-url.ts'

describe('isTrustworthyUrl', () => {
  it.each([
    'https://example.okta.com/oauth2/default',
    'https://10.0.0.1/keys',
    'http://localhost:8080/oauth2/default',
    'http://127.0.0.1/',
    'http://127.9.9.9:1/',
    'http://[::1]:8080/',
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
