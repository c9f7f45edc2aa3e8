import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  aListOf,
  aPlainUrl,
  assertOptions,
  hostNames,
  isScopeToken,
  type OptionRules,
  readInsecureHosts,
} from '@behalf/core/internal'

/** What an MCP server, or any API, says of itself. */
export interface ProtectedResourceOptions {
  /** Its own URL, e.g. `https://mcp.example/mcp`: what clients send as `resource` (RFC 8707). */
  readonly resource: string
  /** The issuers of the authorization servers whose tokens it accepts. */
  readonly authorizationServers: readonly string[]
  /** The scopes that clients may ask for. Default: not said. */
  readonly scopesSupported?: readonly string[]
  /** What people are shown. Default: not said. */
  readonly resourceName?: string
  /** Hosts beyond this machine whose URLs may be plain http. Default none. */
  readonly insecureHosts?: readonly string[]
}

/** Protected resource metadata: the members that RFC 9728 names. */
export interface ProtectedResourceMetadata {
  readonly resource: string
  readonly authorization_servers: readonly string[]
  readonly bearer_methods_supported: readonly ['header']
  readonly scopes_supported?: readonly string[]
  readonly resource_name?: string
}

/** Where clients find out whom to ask for a token. */
export interface ProtectedResource {
  /** What challenges name: `resourceMetadataUrl` of `requireBearerAuth`, `resourceMetadata` of a verifier. */
  readonly metadataUrl: string
  /** Its path, for a router. */
  readonly metadataPath: string
  readonly metadata: ProtectedResourceMetadata
  /** Answers whoever asks for it at that path, browsers of any origin included. */
  respond(request: Pick<Request, 'method'>): Response
  /** Does so where requests and responses are Node's, as with Express. */
  serve(request: Pick<IncomingMessage, 'method'>, response: ServerResponse): void
}

const rules = (options: unknown): OptionRules<keyof ProtectedResourceOptions> => {
  const aUrl = aPlainUrl(readInsecureHosts(options))
  return {
    resource: { ...aUrl, required: true },
    authorizationServers: { ...aListOf('issuers, as they spell themselves', aUrl.holds), required: true },
    scopesSupported: aListOf('scopes', isScopeToken),
    resourceName: { expected: 'a text', holds: (value) => typeof value === 'string' && value !== '' },
    insecureHosts: hostNames,
  }
}

/** Everybody may read it, from a page of any origin: it says nothing that is not public. */
const shared = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers': '*',
}

/**
 * Makes the metadata with which an MCP server says whom to ask for its tokens. The SDK has a router of its own for it,
 * which wants the authorization server's metadata as well; clients find that at Okta, and this needs none.
 *
 * It does not ask whether the authorization servers are there.
 *
 * @example
 * ```ts
 * import { protectedResource } from '@behalf/verify/mcp'
 * import express from 'express'
 *
 * const { metadataPath, metadataUrl, serve } = protectedResource({
 *   resource: 'https://mcp.example/mcp',
 *   authorizationServers: ['https://example.okta.com/oauth2/users'],
 *   scopesSupported: ['orders'],
 * })
 * metadataUrl // https://mcp.example/.well-known/oauth-protected-resource/mcp
 * express().use(metadataPath, serve)
 * ```
 *
 * @throws TypeError - when options are missing, unknown or unusable; it names all of them
 * @see https://www.rfc-editor.org/rfc/rfc9728#section-3
 */
export function protectedResource(options: ProtectedResourceOptions): ProtectedResource {
  assertOptions('protectedResource', options, rules(options))
  const { resource, authorizationServers, scopesSupported, resourceName } = options
  const { origin, pathname } = new URL(resource)
  const metadataPath = `/.well-known/oauth-protected-resource${pathname.replace(/\/$/, '')}`
  const metadata: ProtectedResourceMetadata = {
    resource,
    authorization_servers: [...authorizationServers],
    bearer_methods_supported: ['header'],
    ...(scopesSupported === undefined ? {} : { scopes_supported: [...scopesSupported] }),
    ...(resourceName === undefined ? {} : { resource_name: resourceName }),
  }
  const text = JSON.stringify(metadata)
  return {
    metadataUrl: `${origin}${metadataPath}`,
    metadataPath,
    metadata,
    respond({ method }) {
      const { status, headers, body } = answer(method, text)
      return new Response(body, { status, headers })
    },
    serve({ method = '' }, response) {
      const { status, headers, body } = answer(method, text)
      response.writeHead(status, headers).end(body)
    },
  }
}

interface MetadataAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

function answer(method: string, text: string): MetadataAnswer {
  if (method === 'OPTIONS') return { status: 204, headers: shared, body: null }
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, headers: { ...shared, allow: 'GET, HEAD, OPTIONS' }, body: null }
  const headers = { ...shared, 'content-type': 'application/json' }
  return { status: 200, headers, body: method === 'HEAD' ? null : text }
}
