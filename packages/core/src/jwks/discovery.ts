import type { FetchJsonOutcome } from '../http/fetch-json.ts'
import { isTrustworthyUrl } from '../http/trustworthy-url.ts'
import { isJsonObject } from '../json/json.ts'

/** Where an issuer publishes its keys, or why that is unknown. */
export type DiscoveryOutcome =
  | { readonly ok: true; readonly jwksUri: string }
  | { readonly ok: false; readonly fault: string }

/**
 * Finds an issuer's key URL through the issuer's own metadata, which must name exactly this issuer and a key
 * URL on the issuer's origin (one elsewhere has to be configured). An Okta authorization server that
 * publishes no metadata is asked at `/v1/keys`.
 *
 * @param getJson - fetches a document; the metadata is not trusted before it is checked here
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-3.3
 */
export async function discoverJwksUri(
  issuer: string,
  getJson: (url: string) => Promise<FetchJsonOutcome>,
): Promise<DiscoveryOutcome> {
  for (const url of metadataUrls(issuer)) {
    const answer = await getJson(url)
    if (!answer.ok && answer.status === 404) continue
    if (!answer.ok) return { ok: false, fault: `the issuer's metadata ${answer.fault}` }
    if (!isJsonObject(answer.document) || answer.document['issuer'] !== issuer) {
      return { ok: false, fault: "the issuer's metadata names another issuer" }
    }
    const jwksUri = answer.document['jwks_uri']
    if (typeof jwksUri !== 'string' || !isTrustworthyUrl(jwksUri)) {
      return { ok: false, fault: "the issuer's metadata names no usable jwks_uri" }
    }
    if (new URL(jwksUri).origin !== new URL(issuer).origin) {
      return {
        ok: false,
        fault: "the issuer's metadata names a jwks_uri on another origin; configure it as jwksUri",
      }
    }
    return { ok: true, jwksUri }
  }
  if (/^\/oauth2\/[^/]+$/.test(new URL(issuer).pathname)) return { ok: true, jwksUri: `${issuer}/v1/keys` }
  return { ok: false, fault: 'the issuer publishes no metadata; configure jwksUri' }
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
