import { describe, expect, it, test } from 'vitest'
import type { FetchFault } from '../../src/http/fetch-json.ts'
import { discoverEndpoint } from '../../src/issuer/discovery.ts'
import type { Json, JsonObject } from '../../src/json/json.ts'
import type { Result } from '../../src/result.ts'

const okta = 'https://example.okta.com/oauth2/default'
const oidc = '/.well-known/openid-configuration'
const oauth = '/.well-known/oauth-authorization-server'

/** Discovers against a site that has these documents; a number stands for a status, all else is 404. */
async function discover(
  issuer: string,
  site: Readonly<Record<string, JsonObject | readonly string[] | number>>,
  name: 'jwks_uri' | 'token_endpoint' = 'jwks_uri',
): Promise<{ outcome: Result<string, FetchFault>; asked: readonly string[] }> {
  const asked: string[] = []
  const outcome = await discoverEndpoint(issuer, name, async (url): Promise<Result<Json, FetchFault>> => {
    asked.push(url)
    const document = site[url] ?? 404
    return typeof document === 'number'
      ? { ok: false, fault: { status: document, detail: `answered ${document}` } }
      : { ok: true, value: document }
  })
  return { outcome, asked }
}

describe('discoverEndpoint', () => {
  test("asks the issuer's OpenID Connect metadata first", async () => {
    const metadata = { issuer: okta, jwks_uri: `${okta}/v1/keys`, token_endpoint: `${okta}/v1/token` }
    const site = { [`${okta}${oidc}`]: metadata }
    expect(await discover(okta, site)).toEqual({
      outcome: { ok: true, value: `${okta}/v1/keys` },
      asked: [`${okta}${oidc}`],
    })
    expect((await discover(okta, site, 'token_endpoint')).outcome).toEqual({
      ok: true,
      value: `${okta}/v1/token`,
    })
  })

  it.each([
    ["Okta's place for RFC 8414", `${okta}${oauth}`],
    ["RFC 8414's own place", `https://example.okta.com${oauth}/oauth2/default`],
  ])('falls back to %s', async (_place, url) => {
    const keys = 'https://example.okta.com/elsewhere'
    const { outcome, asked } = await discover(okta, { [url]: { issuer: okta, jwks_uri: keys } })
    expect(outcome).toEqual({ ok: true, value: keys })
    expect(asked.at(-1)).toBe(url)
  })

  test('asks an Okta authorization server without metadata where Okta has its endpoints', async () => {
    const { outcome, asked } = await discover(okta, {})
    expect(outcome).toEqual({ ok: true, value: `${okta}/v1/keys` })
    expect(asked).toHaveLength(3)
    expect((await discover(okta, {}, 'token_endpoint')).outcome).toEqual({
      ok: true,
      value: `${okta}/v1/token`,
    })
  })

  it.each([
    'https://id.example.com',
    'https://id.example.com/',
    'https://id.example.com/oauth2',
    'https://id.example.com/oauth2/a/b',
    'https://id.example.com/realms/x',
  ])('guesses nothing for %s', async (issuer) => {
    const { outcome } = await discover(issuer, {})
    expect(outcome).toEqual({
      ok: false,
      fault: { detail: 'the issuer publishes no metadata; configure jwksUri', permanent: true },
    })
  })

  test('asks an issuer without a path twice, and never with a double slash', async () => {
    const { asked } = await discover('https://id.example.com/', {})
    expect(asked).toEqual([`https://id.example.com${oidc}`, `https://id.example.com${oauth}`])
  })

  it.each([400, 401, 403, 429, 500, 503, 302])(
    'does not look further when the metadata answers %i',
    async (status) => {
      const elsewhere = { issuer: okta, jwks_uri: `${okta}/v1/keys` }
      const { outcome, asked } = await discover(okta, {
        [`${okta}${oidc}`]: status,
        [`${okta}${oauth}`]: elsewhere,
      })
      expect(outcome).toEqual({
        ok: false,
        fault: { status, detail: `the issuer's metadata answered ${status}` },
      })
      expect(asked).toHaveLength(1)
    },
  )

  it.each([
    ['another issuer', { issuer: 'https://evil.example/oauth2/default' }],
    ['the issuer with a slash', { issuer: `${okta}/` }],
    ['the issuer in other case', { issuer: okta.toUpperCase() }],
    ['no issuer', { issuer: undefined }],
    ['issuers', { issuer: [okta] }],
  ])('refuses metadata that name %s', async (_what, changes) => {
    const metadata = { jwks_uri: `${okta}/v1/keys`, ...changes }
    const { outcome } = await discover(okta, { [`${okta}${oidc}`]: metadata })
    expect(outcome).toEqual({
      ok: false,
      fault: { detail: "the issuer's metadata names another issuer", permanent: true },
    })
  })

  test('refuses metadata that are no object', async () => {
    const { outcome } = await discover(okta, { [`${okta}${oidc}`]: [okta] })
    expect(outcome).toEqual({
      ok: false,
      fault: { detail: "the issuer's metadata names another issuer", permanent: true },
    })
  })

  it.each([
    [undefined, ''],
    [null, ''],
    [5, ''],
    ['', ': it has characters that URLs do not have'],
    ['v1/keys', ': it is no absolute URL'],
    [
      'http://example.okta.com/keys',
      ': it is plain http to another machine; use https, or name the host in insecureHosts (INSECURE_HOSTS)',
    ],
    ['https://u@example.okta.com/', ': it has user information'],
    ['file:///etc', ': it is neither https nor http'],
  ])('refuses the key URL %j', async (jwksUri, why) => {
    const { outcome } = await discover(okta, { [`${okta}${oidc}`]: { issuer: okta, jwks_uri: jwksUri } })
    expect(outcome).toEqual({
      ok: false,
      fault: { detail: `the issuer's metadata names no usable jwks_uri${why}`, permanent: true },
    })
  })

  it.each([
    'https://evil.example/keys',
    'https://example.okta.com:8443/keys',
    'https://example.okta.com.evil.example/keys',
    'http://localhost/keys',
  ])('wants the key URL %s on another origin configured', async (jwksUri) => {
    const { outcome } = await discover(okta, { [`${okta}${oidc}`]: { issuer: okta, jwks_uri: jwksUri } })
    expect(outcome).toEqual({
      ok: false,
      fault: {
        detail: "the issuer's metadata names a jwks_uri on another origin; configure it as jwksUri",
        permanent: true,
      },
    })
  })
})
