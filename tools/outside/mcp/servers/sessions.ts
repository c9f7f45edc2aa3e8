/**
 * An MCP server that keeps sessions, each for the user who began it. With `OWNERS=anybody` it leaves that out, as the SDK
 * does: tests look at what a tool does then.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { type AuthInfo, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import { createOrdersServer, gate, port, url } from './orders.ts'

interface Session {
  readonly owner: string
  readonly transport: WebStandardStreamableHTTPServerTransport
}

const { OWNERS = 'checked' } = process.env
const sessions = new Map<string, Session>()
const ownerOf = ({ extra }: AuthInfo): string => JSON.stringify([extra?.['issuer'], extra?.['subject']])

async function begin(owner: string): Promise<Session> {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => crypto.randomUUID(),
    onsessioninitialized: (id) => void sessions.set(id, { owner, transport }),
    enableJsonResponse: true,
  })
  await createOrdersServer().connect(transport)
  return { owner, transport }
}

async function answer(request: Request): Promise<Response> {
  const auth = await gate(request)
  if (auth instanceof Response) return auth
  const id = request.headers.get('mcp-session-id')
  const session = id === null ? await begin(ownerOf(auth)) : sessions.get(id)
  const isOwn = session?.owner === ownerOf(auth) || OWNERS === 'anybody'
  // As if there were no such session: whose it is, is nobody else's business.
  if (session === undefined || !isOwn) return new Response(null, { status: 404 })
  return session.transport.handleRequest(request, { authInfo: auth })
}

const handle = toNodeHandler({ fetch: answer })
const listening = createServer((request, response) => void handle(request, response)).listen(
  port,
  '127.0.0.1',
)
await once(listening, 'listening')
console.log(`mcp: listening on ${url}`)
process.once('SIGTERM', () => listening.close())
