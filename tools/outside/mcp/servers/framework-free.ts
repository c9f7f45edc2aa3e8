/** An MCP server without a framework: a `fetch` handler, put on `node:http` by the SDK's package for Node. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { asResponse, challenge, createOrdersServer, gate, metadata, port, url } from './orders.ts'

const handler = createMcpHandler(createOrdersServer)
async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname === metadata.metadataPath) return metadata.respond(request)
  if (pathname !== '/mcp') return new Response(null, { status: 404 })
  const auth = await gate(request)
  if (auth instanceof Response) return auth
  // What is no JSON is for the SDK to refuse.
  const message: unknown = await request
    .clone()
    .json()
    .catch(() => undefined)
  const better = await challenge(auth, message)
  return better === undefined ? handler.fetch(request, { authInfo: auth }) : asResponse(better)
}

const isOwnHost = localhostHostValidation()
const isOwnOrigin = localhostOriginValidation()
const handle = toNodeHandler({ fetch: answer })
const listening = createServer((request, response) => {
  if (isOwnHost(request, response) && isOwnOrigin(request, response)) void handle(request, response)
}).listen(port, '127.0.0.1')
await once(listening, 'listening')
console.log(`mcp: listening on ${url}`)
process.once('SIGTERM', () => listening.close())
