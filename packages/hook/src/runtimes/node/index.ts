import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Clock, systemClock } from '@behalf/core'
import { aClock, aFunction, aName, aWholeNumber, type OptionRules } from '@behalf/core/internal'
import type { Hook } from '../../hook.ts'
import { aPath, assertServable } from '../door.ts'
import { pathOf } from '../path.ts'
import { EventLoopWait } from './event-loop-wait.ts'
import { headersOf, readBody } from './node-request.ts'
import { TurnEnd } from './turn-end.ts'
import { answerUnreadable } from './unreadable-request.ts'

/** How {@link startNodeServer} serves. */
export interface NodeServerOptions {
  /** The hook's path. Default `/inline-hook`. */
  readonly path?: string
  /** The port to listen on; 0 takes a free one. 0 to 65 535. Default 0. */
  readonly port?: number
  /** The address to listen on. Default `127.0.0.1`. */
  readonly host?: string
  /**
   * For how long a stop keeps serving after `/readyz` has turned to 503, so that load balancers send their
   * requests elsewhere before connections are refused; 0 when nothing routes by readiness:
   * docs/decisions/0004-stopping-keeps-serving.md. 0 to 600 000. Default 2 000.
   */
  readonly drainDelayMs?: number
  /** How long requests that are under way after that may take to finish. 0 to 600 000. Default 2 500. */
  readonly drainTimeoutMs?: number
  /** What tells the time. Default the system's clock. */
  readonly clock?: Clock
  /**
   * How long a request that is being taken over may have waited for this process, in milliseconds; the deadline counts
   * from before that wait. Default what is measured on the event loop.
   */
  readonly waitedMs?: (connection: object) => number
}

/** What the members of {@link NodeServerOptions} must be. */
export const nodeServerOptions: OptionRules<keyof NodeServerOptions> = {
  path: aPath,
  port: aWholeNumber(0, 65_535),
  host: aName,
  drainDelayMs: aWholeNumber(0, 600_000),
  drainTimeoutMs: aWholeNumber(0, 600_000),
  clock: aClock,
  waitedMs: aFunction,
}

/** A hook that is listening. */
export interface HookServer {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly origin: string
  readonly server: Server
  /**
   * Stops without losing a request: `/readyz` turns to 503 at once while requests are still served; after
   * `drainDelayMs` no new connection is taken, what is under way is finished, and what does not finish within
   * `drainTimeoutMs` is cut off. Resolves when the last connection is gone.
   */
  stop(): Promise<void>
}

/** How long a connection may take to send the headers, and to take a denial that its sender is too slow for. */
const slowSenderMs = 5_000

/**
 * Serves a hook over HTTP with Node's own server: `POST /inline-hook` (always answered with 200),
 * `GET /healthz` (200 while it runs) and `GET /readyz` (200 once the keys of every issuer and a secret were
 * loaded, until it is stopped; 503 otherwise). An outage of an issuer does not make it unready: it denies then, whereas a
 * hook that gets no requests lets plain tokens through. It does not terminate TLS and listens to no signal.
 *
 * Requests that have waited for more than half of the deadline before they could be looked at are denied
 * as `overloaded`, which costs less than deciding about them too late.
 *
 * @throws the server's error when it cannot listen, e.g. `EADDRINUSE`
 * @throws TypeError that lists every option that is unknown or unusable
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
  assertServable('startNodeServer', hook, options, nodeServerOptions)
  const { path = '/inline-hook', port = 0, host = '127.0.0.1', clock = systemClock } = options
  const { drainDelayMs = 2_000, drainTimeoutMs = 2_500 } = options
  const eventLoop = options.waitedMs === undefined ? new EventLoopWait() : undefined
  const { waitedMs = (connection) => eventLoop?.upperBoundMs(connection) ?? 0 } = options
  const turnEnd = new TurnEnd(clock)
  const moreInput = (): void => turnEnd.moreInput()
  let wasReady = false
  let stopped: Promise<void> | undefined

  const isReady = (): boolean => {
    wasReady ||= hook.secretsStatus().ready && hook.status().every(({ ready }) => ready)
    // Without requests nothing else would fetch keys and secrets, and without them no requests would come.
    if (!wasReady) void hook.load()
    return wasReady && stopped === undefined
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const waited = waitedMs(request.socket)
    request.on('data', moreInput)
    const arrivedAtMs = clock.now() - waited
    const { deadlineMs, maxBodyBytes } = hook.limits
    const body = await readBody(request, maxBodyBytes, deadlineMs - waited, clock)
    const readAtMs = clock.now()
    await turnEnd.reached()
    const idleMs = waited + clock.now() - readAtMs
    const {
      status,
      headers,
      body: text,
    } = !body.ok
      ? hook.refuse(body.fault, arrivedAtMs)
      : idleMs > deadlineMs / 2
        ? hook.refuse({ code: 'overloaded' }, arrivedAtMs)
        : await hook.handle({ headers: headersOf(request), body: body.value, arrivedAtMs })
    const isUnread = !request.complete && !request.destroyed
    if (isUnread || stopped !== undefined) response.setHeader('connection', 'close')
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) })
    if (isUnread) {
      request.on('data', moreInput)
      endAfterRequest(text, request, response, clock)
    } else response.end(text)
  }

  const route = (request: IncomingMessage, response: ServerResponse): void => {
    moreInput()
    const end = (status: number, allow?: string): void => {
      request.on('data', moreInput)
      if (stopped !== undefined) response.setHeader('connection', 'close')
      response.writeHead(status, allow === undefined ? {} : { allow }).end()
    }
    const pathname = pathOf(request.url ?? '')
    if (pathname === path) {
      if (request.method === 'POST') void answer(request, response)
      else end(405, 'POST')
    } else if (pathname === '/healthz' || pathname === '/readyz') {
      if (request.method !== 'GET' && request.method !== 'HEAD') end(405, 'GET, HEAD')
      else end(pathname === '/healthz' || isReady() ? 200 : 503)
    } else end(404)
  }

  const server = createServer(
    {
      headersTimeout: slowSenderMs,
      // Node would answer a request without Host itself, with 400.
      requireHostHeader: false,
      requestTimeout: slowSenderMs + hook.limits.deadlineMs,
      // How often the two above are looked at; by default they could take another half minute.
      connectionsCheckingInterval: 1_000,
      // Longer than what load balancers keep idle connections, so that they close first.
      keepAliveTimeout: 65_000,
    },
    route,
  )
  server.on('connection', (connection) => eventLoop?.connectionTaken(connection))
  server.on(
    'clientError',
    answerUnreadable({ refuse: (denial) => hook.refuse(denial), clock, closeAfterMs: slowSenderMs }),
  )
  // An expectation that Node does not know would otherwise be answered with 417.
  server.on('checkExpectation', route)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // The default backlog of 511 makes the callers of a burst wait a second for their next attempt.
    server.listen({ port, host, backlog: 4_096 }, () => {
      server.off('error', reject)
      resolve()
    })
  })

  const stop = async (): Promise<void> => {
    await new Promise<void>((resolve) => clock.schedule(resolve, drainDelayMs))
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    const cancel = clock.schedule(() => server.closeAllConnections(), drainTimeoutMs)
    await closed
    cancel()
    eventLoop?.stop()
  }
  return {
    origin: originOf(server),
    server,
    stop() {
      stopped ??= stop()
      return stopped
    },
  }
}

/**
 * Answers at once and ends the answer when the rest of the request has come in and was forgotten: a connection
 * that is closed with input unread is reset, and its sender would see that in place of the answer.
 */
function endAfterRequest(
  text: string,
  request: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
): void {
  const cancel = clock.schedule(() => request.destroy(), slowSenderMs)
  request.once('end', () => response.end())
  request.once('close', cancel)
  response.write(text)
  request.resume()
}

function originOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server listens on no port')
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}
