import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { startNodeServer } from '@behalf/hook/node'
import type { HookCall } from '../attack.ts'
import type { HookReply, HookTarget, HttpReply } from '../target.ts'
import { startHook } from './start-hook.ts'

/** The hook as a server, over sockets. */
export const nodeTarget: HookTarget = {
  name: 'node',
  async start(setup) {
    // Attacks are made on the same event loop, and what that costs is not the hook's wait.
    const running = await startNodeServer(await startHook(setup), { drainDelayMs: 0, waitedMs: () => 0 })
    const agent = new Agent({ keepAlive: true })
    return {
      call: (call) => callOver(running.origin, agent, call),
      wire: (bytes) => sendBytes(running.origin, bytes),
      async [Symbol.asyncDispose]() {
        agent.destroy()
        await running.stop()
      },
    }
  },
}

/** Sends a request over HTTP, its headers as they are. */
export function callOver(origin: string, agent: Agent, call: HookCall): Promise<HttpReply> {
  const { method = 'POST', target = '/inline-hook', headers, body } = call
  const { hostname, port } = new URL(origin)
  const bytes = Buffer.from(body)
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        agent,
        method,
        path: target,
        headers: [
          ...headers,
          ['Host', 'hook.example'] as const,
          ['Content-Length', String(bytes.length)] as const,
        ].flat(),
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
        response.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(bytes)
  })
}

/** Writes bytes on a connection and reads what comes back, until that is complete or the connection is closed. */
export function sendBytes(origin: string, bytes: string | Buffer): Promise<HookReply> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (isComplete(readReply(Buffer.concat(chunks).toString()))) socket.destroy()
    })
    // A reset is one way to close a connection; what came before it counts.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(readReply(Buffer.concat(chunks).toString())))
  })
}

function readReply(text: string): HookReply {
  const withoutContinue = text.replace(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/, '')
  const [head = '', ...rest] = withoutContinue.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = /^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]
  if (status === undefined) return 'closed'
  const headers = lines.map((line) => /^([^:]*): *(.*)$/.exec(line)?.slice(1) ?? [])
  return {
    status: Number(status),
    headers: Object.fromEntries(headers.map(([name = '', value]) => [name.toLowerCase(), value])),
    body: rest.join('\r\n\r\n'),
  }
}

function isComplete(reply: HookReply): boolean {
  return (
    reply !== 'closed' &&
    Buffer.byteLength(reply.body) >= Number(reply.headers['content-length'] ?? Number.NaN)
  )
}
