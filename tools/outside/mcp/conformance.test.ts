import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request as forward } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { installOnDemand } from '../../on-demand.ts'
import { root } from '../../workspace.ts'
import { servers } from './programs.ts'
import { startWorld } from './world.ts'

beforeAll(() => {
  installOnDemand('examples/mcp-server')
  installOnDemand('tools/outside/mcp')
}, 600_000)

/** Those of the suite's scenarios for servers that need no tool, prompt or resource which only its own server has. */
const scenarios = ['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection'] as const

/** The suite has no token to send, so that something in between adds one, and changes nothing else. */
async function withToken(target: string, token: string) {
  const server = createServer((incoming, answer) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${token}` }
    const { method, url } = incoming
    const outgoing = forward(new URL(url ?? '/', target), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    incoming.pipe(outgoing)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function runScenario(url: string, scenario: string) {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-conformance-'))
  try {
    const suite = join(root, 'tools/outside/mcp/node_modules/@modelcontextprotocol/conformance/dist/index.js')
    const args = [suite, 'server', '--url', url, '--scenario', scenario]
    const program = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    const output: string[] = []
    for (const stream of [program.stdout, program.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
    const [exitCode] = await once(program, 'close')
    return { exitCode, output: output.join('') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test.each(Object.entries(servers))(
  '%s conforms, behind its bearer check',
  async (_, program) => {
    await using world = await startWorld(program)
    const token = await world.okta.userToken({ login: 'ann@example.com', server: 'users', scopes: ['mcp'] })
    await using proxy = await withToken(new URL(world.mcpUrl).origin, token)
    for (const scenario of scenarios) {
      const { exitCode, output } = await runScenario(proxy.url, scenario)
      expect([scenario, exitCode], output).toEqual([scenario, 0])
    }
    // So that a suite that fails nothing is noticed: this one wants prompts, which these servers do not have.
    expect((await runScenario(proxy.url, 'prompts-list')).exitCode).toBe(1)
  },
  300_000,
)
