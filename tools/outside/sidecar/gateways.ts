import { Buffer } from 'node:buffer'
import { parse } from 'yaml'

/** An HTTP request as it is on the wire, but for its Host. */
export interface WireRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A gateway that exchanges tokens: what it sends for its settings, and what it demands of the answer. */
export interface Gateway {
  readonly name: string
  /** The request that it makes, as its source does. */
  request(settings: string, subjectToken: string, secret: string): WireRequest
  /** What has to be in the answer, or it is thrown away. */
  readonly demands: readonly string[]
}

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'
const form = 'application/x-www-form-urlencoded'

/** Id and secret are form-encoded (RFC 6749 §2.3.1), as all three do. */
function basic(clientId: string, secret: string): string {
  const [id, password] = [clientId, secret].map((text) =>
    new URLSearchParams({ '': text }).toString().slice(1),
  )
  return `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`
}

/** `build_token_request` in `crates/agentgateway/src/http/auth/oauth/transport.rs`. */
const agentgateway: Gateway = {
  name: 'agentgateway',
  request(settings, subjectToken) {
    const [{ listeners }] = parse(settings).binds
    const {
      path,
      audiences = [],
      scopes,
      resources,
      clientAuth,
    } = listeners[0].routes[0].backends[0].policies.backendAuth.oauthTokenExchange
    const body = new URLSearchParams([
      ['grant_type', grantType],
      ['subject_token', subjectToken],
      ['subject_token_type', accessToken],
      ...audiences.map((audience: string) => ['audience', audience]),
      ['scope', scopes.join(' ')],
      ...resources.map((resource: string) => ['resource', resource]),
    ])
    const authorization = basic(clientAuth.clientId, clientAuth.clientSecret)
    return {
      path,
      headers: { 'content-type': form, accept: 'application/json', authorization },
      body: body.toString(),
    }
  },
  demands: ['access_token', 'token_type'],
}

/** `buildFormData` in `pkg/oauthproto/tokenexchange/exchange.go` and `NewFormRequest` in `pkg/oauthproto/grants.go`. */
const toolhive: Gateway = {
  name: 'toolhive',
  request(settings, subjectToken, secret) {
    const { tokenUrl, audience, scopes, clientId } = parse(settings).spec.tokenExchange
    const body = new URLSearchParams({
      grant_type: grantType,
      subject_token: subjectToken,
      subject_token_type: accessToken,
      requested_token_type: accessToken,
      audience,
      scope: scopes.join(' '),
    })
    // Go's url.Values are encoded by name.
    body.sort()
    return {
      path: new URL(tokenUrl).pathname,
      headers: {
        'User-Agent': 'Go-http-client/1.1',
        Authorization: basic(clientId, secret),
        'Content-Type': form,
        'Accept-Encoding': 'gzip',
      },
      body: body.toString(),
    }
  },
  demands: ['access_token', 'token_type', 'issued_token_type'],
}

/** `_build_exchange_form` in `outbound_credentials/token_exchanger.py`, `auth/token_endpoint_auth.py`. */
const litellm: Gateway = {
  name: 'litellm',
  request(settings, subjectToken) {
    const server = parse(settings).mcp_servers.orders
    const isBasic = server.token_endpoint_auth_method === 'client_secret_basic'
    const credentials = { client_id: server.client_id, client_secret: server.client_secret }
    const body = new URLSearchParams({
      grant_type: grantType,
      subject_token: subjectToken,
      subject_token_type: accessToken,
      audience: server.audience,
      scope: server.scopes.join(' '),
      ...(isBasic ? {} : credentials),
    })
    return {
      path: new URL(server.token_exchange_endpoint).pathname,
      headers: {
        'Accept-Encoding': 'gzip, deflate',
        Connection: 'keep-alive',
        'User-Agent': 'litellm/1.0.0',
        Accept: 'application/json',
        ...(isBasic ? { Authorization: basic(server.client_id, server.client_secret) } : {}),
        'Content-Type': form,
      },
      body: body.toString(),
    }
  },
  demands: ['access_token', 'expires_in'],
}

/** Those of `docs/gateways.md`. */
export const gateways: readonly Gateway[] = [agentgateway, toolhive, litellm]
