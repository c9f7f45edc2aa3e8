/** An MCP server on Fastify, whose SDK package has no bearer check: the framework-free gate is a hook of the route. */
import { createMcpFastifyApp } from '@modelcontextprotocol/fastify'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { type AuthInfo, createMcpHandler } from '@modelcontextprotocol/server'
import { challenge, createOrdersServer, gate, metadata, port, url } from './orders.ts'

const handle = toNodeHandler(createMcpHandler(createOrdersServer))
const callers = new WeakMap<object, AuthInfo>()
const app = createMcpFastifyApp()
app.get(metadata.metadataPath, async (request, reply) => {
  reply.hijack()
  metadata.serve(request.raw, reply.raw)
})
app.route({
  method: ['GET', 'POST', 'DELETE'],
  url: '/mcp',
  // Before the body is read: nobody's is, whom nobody knows.
  async onRequest({ raw, headers: { authorization = '' } }, reply) {
    const auth = await gate(new Request(url, { headers: { authorization } }))
    if (auth instanceof Response) return reply.send(auth)
    callers.set(raw, auth)
  },
  async handler({ raw, body }, reply) {
    const auth = callers.get(raw)
    const better = await challenge(auth, body)
    if (better !== undefined) return reply.code(better.status).headers(better.headers).send(better.body)
    reply.hijack()
    await handle(Object.assign(raw, { auth }), reply.raw, body)
  },
})
await app.listen({ port, host: '127.0.0.1' })
console.log(`mcp: listening on ${url}`)
process.once('SIGTERM', () => void app.close())
