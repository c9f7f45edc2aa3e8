/** An MCP server on Hono, behind the SDK's gate for web-standard requests. */
import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { createMcpHonoApp } from '@modelcontextprotocol/hono'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { asResponse, challenge, createOrdersServer, gate, metadata, port, url } from './orders.ts'

declare module 'hono' {
  interface ContextVariableMap {
    parsedBody: unknown
  }
}

const handler = createMcpHandler(createOrdersServer)
const app = createMcpHonoApp()
app.get(metadata.metadataPath, ({ req }) => metadata.respond(req.raw))
app.all('/mcp', async (c) => {
  const auth = await gate(c.req.raw)
  if (auth instanceof Response) return auth
  const parsedBody = c.get('parsedBody')
  const better = await challenge(auth, parsedBody)
  return better === undefined ? handler.fetch(c.req.raw, { authInfo: auth, parsedBody }) : asResponse(better)
})
const listening = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' })
await once(listening, 'listening')
console.log(`mcp: listening on ${url}`)
process.once('SIGTERM', () => listening.close())
