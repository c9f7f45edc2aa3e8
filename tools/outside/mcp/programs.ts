import { join } from 'node:path'
import { root } from '../../workspace.ts'

const written = (name: string): string => join(root, 'tools/outside/mcp/servers', `${name}.ts`)

/** The same MCP server, by what it stands on. */
export const servers = {
  'the example': join(root, 'examples/mcp-server/main.ts'),
  'a server on Hono': written('hono'),
  'a server on Fastify': written('fastify'),
  'a server without a framework': written('framework-free'),
  'a server of the first generation': written('first-generation'),
} as const

/** One that keeps sessions. */
export const sessions: string = written('sessions')
