/** An MCP server: its tools call API B for the user, each with a token of its own instead of the one it was called with. */
import { once } from 'node:events'
import { clientSecretBasic, createClient } from '@behalf/client'
import { forMcp, type McpContext } from '@behalf/client/mcp'
import { createVerifier } from '@behalf/verify'
import { mcpTokenVerifier, protectedResource } from '@behalf/verify/mcp'
import { createMcpExpressApp, requireBearerAuth } from '@modelcontextprotocol/express'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'

const { ISSUER: issuer = '', MCP_URL: url = 'http://127.0.0.1:3005/mcp', API_B_URL: apiB = '' } = process.env
const { DELEGATION_ISSUER = '', RESOURCE = '', CLIENT_ID: clientId = '', CLIENT_SECRET } = process.env
const { SEAL_JWKS_URI: jwksUri = '' } = process.env

/** What each tool does at API B. */
const tools = { list_orders: ['orders:read'], place_order: ['orders:write'] }

/** Tells clients whom to ask for a token, and for which audience. */
const { metadataPath, metadataUrl, serve } = protectedResource({
  resource: url,
  authorizationServers: [issuer],
  scopesSupported: ['mcp'],
})

/** Takes tokens of users for this server, and no others. */
const verifier = createVerifier({ issuer, audience: url, accept: ['user'] })
const log = ({ message }: Error) => console.warn(`mcp: ${message}`)
const mayCall = requireBearerAuth({
  verifier: mcpTokenVerifier(verifier, { onRefusal: log }),
  requiredScopes: ['mcp'],
  resourceMetadataUrl: metadataUrl,
  expectedResource: new URL(url),
})

/** Turns the user's token into one for API B; sealed for the hook, it is of no use to whoever reads Okta's log. */
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
  { tools, resourceMetadata: metadataUrl, onError: log },
)

const callOrders = async (context: McpContext, tool: keyof typeof tools, method: string) => {
  const answer = await onBehalfOf(context, tools[tool]).fetch(`${apiB}/orders`, { method })
  const text = answer.ok ? await answer.text() : `API B answered ${answer.status}`
  return { content: [{ type: 'text' as const, text }], isError: !answer.ok }
}

const handle = toNodeHandler(
  createMcpHandler(() => {
    const server = new McpServer({ name: 'orders', version: '1.0.0' })
    server.registerTool('list_orders', { description: "Lists the user's orders." }, (context) =>
      callOrders(context, 'list_orders', 'GET'),
    )
    server.registerTool('place_order', { description: 'Places an order for the user.' }, (context) =>
      callOrders(context, 'place_order', 'POST'),
    )
    return server
  }),
)

const app = createMcpExpressApp().use(metadataPath, serve)
app.all('/mcp', mayCall, async (request, response) => {
  const better = await challenge(request.auth, request.body)
  if (better === undefined) await handle(request, response, request.body)
  else response.status(better.status).set(better.headers).json(better.body)
})
await verifier.loadKeys()
const listening = app.listen(Number(new URL(url).port), '127.0.0.1')
await once(listening, 'listening')
console.log(`mcp: listening on ${url}`)
process.once('SIGTERM', () => listening.close())
