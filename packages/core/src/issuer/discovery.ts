import type { FetchFault } from '../http/fetch-json.ts'
import { type InsecureHosts, whyUntrustworthy } from '../http/trustworthy-url.ts'
import { isJsonObject, type Json } from '../json/json.ts'
import { fail, pass, type Result } from '../result.ts'

/** The endpoints that can be found: the setting that names one instead, and where Okta has it. */
const endpoints = {
  jwks_uri: { setting: 'jwksUri', oktaPath: '/v1/keys' },
  token_endpoint: { setting: 'tokenEndpoint', oktaPath: '/v1/token' },
  introspection_endpoint: { setting: 'introspection.endpoint', oktaPath: '/v1/introspect' },
} as const

/**
 * Finds an endpoint of an issuer through the issuer's own metadata, which must name exactly this issuer and
 * a URL on the issuer's origin (one elsewhere has to be configured). An Okta authorization server that
 * publishes no metadata is asked where Okta has the endpoint.
 *
 * @param name - the endpoint, as the metadata names it
 * @param getJson - fetches a document; the metadata is not trusted before it is checked here
 * @param insecureHosts - hosts beyond this machine whose endpoints may be plain http. Default: none.
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-3.3
 */
export async function discoverEndpoint(
  issuer: string,
  name: keyof typeof endpoints,
  getJson: (url: string) => Promise<Result<Json, FetchFault>>,
  insecureHosts?: InsecureHosts,
): Promise<Result<string, FetchFault>> {
  const { setting, oktaPath } = endpoints[name]
  for (const url of metadataUrls(issuer)) {
    const answer = await getJson(url)
    if (!answer.ok && answer.fault.status === 404) continue
    if (!answer.ok) return fail({ ...answer.fault, detail: `the issuer's metadata ${answer.fault.detail}` })
    const metadata = answer.value
    if (!isJsonObject(metadata) || metadata['issuer'] !== issuer) {
      return fail({ detail: "the issuer's metadata names another issuer", permanent: true })
    }
    const endpoint = metadata[name]
    if (typeof endpoint !== 'string')
      return fail({ detail: `the issuer's metadata names no usable ${name}`, permanent: true })
    const why = whyUntrustworthy(endpoint, insecureHosts)
    if (why !== undefined)
      return fail({ detail: `the issuer's metadata names no usable ${name}: it ${why}`, permanent: true })
    if (new URL(endpoint).origin !== new URL(issuer).origin) {
      return fail({
        detail: `the issuer's metadata names a ${name} on another origin; configure it as ${setting}`,
        permanent: true,
      })
    }
    return pass(endpoint)
  }
  if (/^\/oauth2\/[^/]+$/.test(new URL(issuer).pathname)) return pass(`${issuer}${oktaPath}`)
  return fail({ detail: `the issuer publishes no metadata; configure ${setting}`, permanent: true })
}

/** OpenID Connect's place, Okta's for RFC 8414, and RFC 8414's own for issuers with a path. */
function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const base = issuer.replace(/\/$/, '')
  const urls = [`${base}/.well-known/openid-configuration`, `${base}/.well-known/oauth-authorization-server`]
  return pathname === '/'
    ? urls
    : [...urls, `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`]
}
