import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Clock, deny, type Outcome, systemClock } from '@behalf/core'
import type { Hook } from './hook.ts'
import { Body } from './runtimes/body.ts'

/** How {@link createNodeServer} serves. */
export interface NodeServerOptions {
  /** The hook's path; `/inline-hook` by default. */
  readonly path?: string
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** The address to listen on; `127.0.0.1` by default. */
  readonly host?: string
  /** How long a connection may take to send a request, and how long a stop waits for those under way. Default 5 000. */
  readonly drainTimeoutMs?: number
  readonly clock?: Clock
}

/** A hook that is listening. */
export interface HookServer {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly origin: string
  readonly server: Server
  /**
   * Stops: `/readyz` turns to 503 at once, no new connection is taken, what is under way is finished, and
   * what does not finish within `drainTimeoutMs` is cut off. Resolves when the last connection is gone.
   */
  stop(): Promise<void>
}

/**
 * Serves a hook over HTTP with Node's own server: `POST /inline-hook` (always answered with 200),
 * `GET /healthz` (200 while it runs) and `GET /readyz` (200 when the keys of every issuer are loaded and it
 * is not stopping, 503 otherwise). It does not terminate TLS and listens to no signal.
 *
 * @throws the server's error when it cannot listen, e.g. `EADDRINUSE`
 *
 * @example
 * ```ts
 * import { configFromEnvironment, createHook } from '@behalf/hook'
 * import { startNodeServer } from '@behalf/hook/node'
 *
 * const running = await startNodeServer(createHook(configFromEnvironment(process.env)), { port: 8080 })
 * process.once('SIGTERM', () => void running.stop())
 * ```
 */
export async function startNodeServer(hook: Hook, options: NodeServerOptions = {}): Promise<HookServer> {
  const {
    path = '/inline-hook',
    port = 0,
    host = '127.0.0.1',
    drainTimeoutMs = 5_000,
    clock = systemClock,
  } = options
  let stopping = false
  const server = createServer((request, response) => {
    if (stopping) response.setHeader('connection', 'close')
    const [pathname] = (request.url ?? '').split('?', 1)
    if (pathname === path) {
      if (request.method === 'POST') void answerRequest(hook, request, response, clock, drainTimeoutMs)
      else end(request, response, 405, { allow: 'POST' })
    } else if (pathname === '/healthz' || pathname === '/readyz') {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        end(request, response, 405, { allow: 'GET, HEAD' })
      else end(request, response, pathname === '/healthz' || (!stopping && isReady(hook)) ? 200 : 503, {})
    } else end(request, response, 404, {})
  })
  // Slow senders are cut off by the deadline of the body; these bound the headers and idle connections.
  server.headersTimeout = drainTimeoutMs
  server.requestTimeout = drainTimeoutMs + hook.limits.deadlineMs
  // Longer than what load balancers keep idle connections, so that they close first.
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    origin: originOf(server),
    server,
    async stop() {
      stopping = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const cancel = clock.schedule(() => server.closeAllConnections(), drainTimeoutMs)
      await closed
      cancel()
    },
  }
}

function isReady(hook: Hook): boolean {
  return hook.status().every(({ ready }) => ready)
}

function originOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server listens on no port')
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}

async function answerRequest(
  hook: Hook,
  request: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
  drainTimeoutMs: number,
): Promise<void> {
  const arrivedAtMs = clock.now()
  const body = await readBody(request, hook.limits, clock)
  const {
    status,
    headers,
    body: text,
  } = body.ok
    ? await hook.handle({ headers: listHeaders(request), body: body.value, arrivedAtMs })
    : hook.refuse(body.denial, arrivedAtMs)
  if (!request.complete) {
    // The rest is let in and forgotten, so that the sender gets to read the answer; but not for ever.
    response.setHeader('connection', 'close')
    const cancel = clock.schedule(() => request.destroy(), drainTimeoutMs)
    request.once('close', cancel)
    request.resume()
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text)
}

function listHeaders(request: IncomingMessage): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, readonly string[]>()
  for (const [name, values] of Object.entries(request.headersDistinct))
    if (values !== undefined) headers.set(name, values)
  return headers
}

function readBody(request: IncomingMessage, limits: Hook['limits'], clock: Clock): Promise<Outcome<string>> {
  return new Promise((resolve) => {
    const body = new Body(limits.maxBodyBytes)
    const settle = (outcome: Outcome<string>): void => {
      cancelTimeout()
      request.removeAllListeners('data')
      request.removeAllListeners('end')
      resolve(outcome)
    }
    const cancelTimeout = clock.schedule(
      () => settle(deny('deadline_exceeded', 'the body did not arrive in time')),
      limits.deadlineMs,
    )
    request.on('data', (chunk: Buffer) => {
      if (!body.push(chunk)) settle(body.end())
    })
    request.on('end', () => settle(body.end()))
    request.on('error', () => settle(deny('request_malformed', 'the body broke off')))
  })
}

function end(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
): void {
  request.resume()
  response.writeHead(status, headers).end()
}
