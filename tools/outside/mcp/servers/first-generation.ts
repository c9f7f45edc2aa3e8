/** The example of an MCP server, with the SDK's first generation. */
import { once } from 'node:events'
import { clientSecretBasic, createClient } from '@behalf/client'
import { forMcp } from '@behalf/client/mcp'
import { createVerifier } from '@behalf/verify'
import { mcpTokenVerifier, protectedResource } from '@behalf/verify/mcp'
import * as errors from '@modelcontextprotocol/sdk/server/auth/errors.js'
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'

const { ISSUER: issuer = '', MCP_URL: url = '', API_B_URL: apiB = '' } = process.env
const { DELEGATION_ISSUER = '', RESOURCE = '', CLIENT_ID: clientId = '', CLIENT_SECRET } = process.env
const { SEAL_JWKS_URI: jwksUri = '' } = process.env
const tools = { list_orders: ['orders:read'], place_order: ['orders:write'] }
const { metadataPath, metadataUrl, serve } = protectedResource({
  resource: url,
  authorizationServers: [issuer],
  scopesSupported: ['mcp'],
})
const verifier = createVerifier({ issuer, audience: url, accept: ['user'] })
await verifier.loadKeys()
const mayCall = requireBearerAuth({
  verifier: mcpTokenVerifier(verifier, { errors }),
  requiredScopes: ['mcp'],
  resourceMetadataUrl: metadataUrl,
  expectedResource: new URL(url),
})
const { onBehalfOf, challenge } = forMcp(
  createClient({
    issuer: DELEGATION_ISSUER,
    clientId,
    auth: clientSecretBasic(CLIENT_SECRET),
    seal: { jwksUri },
    resource: RESOURCE,
    expectedAudience: url,
    allowedOrigins: [apiB],
  }),
  { tools, resourceMetadata: metadataUrl, onError: () => undefined },
)

function createServer() {
  const server = new McpServer({ name: 'orders', version: '1.0.0' })
  for (const [tool, method] of [
    ['list_orders', 'GET'],
    ['place_order', 'POST'],
  ] as const)
    server.registerTool(tool, { description: tool }, async (extra) => {
      const answer = await onBehalfOf(extra, tools[tool]).fetch(`${apiB}/orders`, { method })
      return { content: [{ type: 'text', text: await answer.text() }], isError: !answer.ok }
    })
  return server
}

const app = createMcpExpressApp().use(metadataPath, serve)
app.post('/mcp', mayCall, async (request, response) => {
  const better = await challenge(request.auth, request.body)
  if (better !== undefined) {
    response.status(better.status).set(better.headers).json(better.body)
    return
  }
  const transport = new StreamableHTTPServerTransport({})
  response.on('close', () => transport.close())
  await createServer().connect(transport)
  await transport.handleRequest(request, response, request.body)
})
app.all('/mcp', mayCall, (_request, response) => response.status(405).end())
const listening = app.listen(Number(new URL(url).port), '127.0.0.1')
await once(listening, 'listening')
console.log(`mcp: listening on ${url}`)
process.once('SIGTERM', () => listening.close())
