/** What every server of the SDK's second generation here is made of, whichever framework it stands in. */
import { clientSecretBasic, createClient } from '@behalf/client'
import { forMcp, type McpChallenge, type McpDelegation } from '@behalf/client/mcp'
import { createVerifier } from '@behalf/verify'
import { mcpTokenVerifier, type ProtectedResource, protectedResource } from '@behalf/verify/mcp'
import { McpServer, requireBearerAuth } from '@modelcontextprotocol/server'

const { ISSUER: issuer = '', MCP_URL = '', API_B_URL: apiB = '' } = process.env
const { DELEGATION_ISSUER = '', RESOURCE = '', CLIENT_ID: clientId = '', CLIENT_SECRET } = process.env
const { SEAL_JWKS_URI: jwksUri = '' } = process.env

export const url: string = MCP_URL
export const port: number = Number(new URL(url).port)

const tools = { list_orders: ['orders:read'], place_order: ['orders:write'] }

export const metadata: ProtectedResource = protectedResource({
  resource: url,
  authorizationServers: [issuer],
  scopesSupported: ['mcp'],
})

const verifier = createVerifier({ issuer, audience: url, accept: ['user'] })
// Before anybody calls: the SDK has no answer for keys that are late.
await verifier.loadKeys()

/** Resolves to what is known of the caller, or to the answer that refuses them. */
export const gate: ReturnType<typeof requireBearerAuth> = requireBearerAuth({
  verifier: mcpTokenVerifier(verifier),
  requiredScopes: ['mcp'],
  resourceMetadataUrl: metadata.metadataUrl,
  expectedResource: new URL(url),
})

const delegation: McpDelegation = forMcp(
  createClient({
    issuer: DELEGATION_ISSUER,
    clientId,
    auth: clientSecretBasic(CLIENT_SECRET),
    seal: { jwksUri },
    resource: RESOURCE,
    expectedAudience: url,
    allowedOrigins: [apiB],
  }),
  { tools, resourceMetadata: metadata.metadataUrl, onError: () => undefined },
)

/** Says whether the caller's token is enough for what a message asks. */
export const challenge: McpDelegation['challenge'] = delegation.challenge

/** The same as an answer of the platform. */
export function asResponse({ status, headers, body }: McpChallenge): Response {
  return Response.json(body, { status, headers })
}

export function createOrdersServer(): McpServer {
  const server = new McpServer({ name: 'orders', version: '1.0.0' })
  for (const [tool, method] of [
    ['list_orders', 'GET'],
    ['place_order', 'POST'],
  ] as const)
    server.registerTool(tool, { description: tool }, async (context) => {
      const answer = await delegation.onBehalfOf(context, tools[tool]).fetch(`${apiB}/orders`, { method })
      return { content: [{ type: 'text', text: await answer.text() }], isError: !answer.ok }
    })
  return server
}
