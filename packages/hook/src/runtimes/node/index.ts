import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Clock, systemClock } from '@behalf/core'
import {
  aClock,
  aFunction,
  aName,
  aWholeNumber,
  type OptionRules,
  pause,
  TurnEnd,
} from '@behalf/core/internal'
import { maxEventBytes } from '../../events/event-hooks.ts'
import type { Hook } from '../../hook.ts'
import { aPath, assertServable } from '../door.ts'
import { eventPathOf } from '../event-path.ts'
import { answerKeySet, keySetPath } from '../key-set.ts'
import { pathOf } from '../path.ts'
import { type Answering, answerRequest, expectsContinue, type Incoming } from './answer-request.ts'
import { type Begun, Connections } from './connections.ts'
import { EventLoopWait } from './event-loop-wait.ts'
import { headersOf, NodeBody } from './node-request.ts'
import { answerUnreadable } from './unreadable-request.ts'

export { type StayingProcess, stayUp } from '../stay-up.ts'

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
   * How long ago the first byte of a request that is being taken over may have come, in milliseconds; the deadline
   * counts from then. Default what is measured on event loop and connection.
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

/** How often connections are looked at for first bytes, and for headers that are late. */
const lookEveryMs = 100
/** How long the headers of a request may take from their first byte. */
const headersTimeoutMs = 500
/** How long a connection may take to send a first byte, or the rest of what was answered already. */
const slowSenderMs = 5_000

/**
 * Serves a hook over HTTP with Node's own server: `POST /inline-hook` (always answered with 200; so is a `POST` to any
 * other path that brings what Okta authenticates with, because Okta fails open on anything else),
 * `GET /healthz` (200 while it runs, with version and digest of the configuration) and `GET /readyz` (200 once the keys of every issuer and a secret were
 * loaded, until it is stopped; 503 otherwise). An outage of an issuer does not make it unready: it denies then, whereas a
 * hook that gets no requests lets plain tokens through. `GET /.well-known/jwks.json` answers with the public keys that
 * clients seal assertions for, where sealing is configured. It does not terminate TLS and listens to no signal.
 *
 * Callers are told from the headers, which must be complete 500 ms after their first byte; the deadline counts from that
 * byte, and nothing of a body is kept before its sender is known. Requests that have waited for more than half of the deadline before they could be looked at are denied
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
  const waited = (connection: object, { leastMs, mostMs }: Begun): Incoming['waitedMs'] => {
    if (options.waitedMs !== undefined) {
      const told = options.waitedMs(connection)
      return { least: told, most: told }
    }
    const least = Math.max(leastMs, eventLoop?.upperBoundMs(connection) ?? 0)
    return { least, most: Math.max(least, mostMs) }
  }
  const eventPath = eventPathOf(path)
  const revision = JSON.stringify(hook.revision)
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

  const connections = new Connections(() => performance.now())
  const looking = setInterval(() => connections.look(), lookEveryMs).unref()
  const answering: Answering = { hook, turnEnd, clock, isStopping: () => stopped !== undefined }

  const route = (request: IncomingMessage, response: ServerResponse): void => {
    moreInput()
    const pathname = pathOf(request.url ?? '')
    const takesEvents = hook.events !== undefined && pathname === eventPath
    const maxBytes = takesEvents ? maxEventBytes : hook.limits.maxBodyBytes
    const body = new NodeBody(request, maxBytes, moreInput)
    const begun = connections.begin(request.socket, () => body.breakOff())
    request.on('error', () => body.breakOff())
    response.once('close', begun.end)
    const waitedMs = waited(request.socket, begun)
    const end = (status: number, headers: Readonly<Record<string, string>> = {}, text = ''): void => {
      request.on('data', moreInput)
      if (stopped !== undefined) response.setHeader('connection', 'close')
      response.writeHead(status, headers).end(text)
    }
    const publish = async (): Promise<void> => {
      const { status, headers, body: text } = await answerKeySet(hook, method)
      end(status, headers, method === 'HEAD' ? '' : text)
    }
    const receive = async (events: NonNullable<Hook['events']>): Promise<void> => {
      const answer = await events.receive({
        method,
        headers: headersOf(request),
        body: (space) => {
          if (expectsContinue(request)) response.writeContinue()
          return body.read(space)
        },
      })
      body.abandon()
      if (!request.complete) response.setHeader('connection', 'close')
      end(answer.status, answer.headers, answer.body)
    }
    const { method = '' } = request
    const isRead = method === 'GET' || method === 'HEAD'
    if (hook.events !== undefined && takesEvents) void receive(hook.events)
    else if (method === 'POST') {
      const otherPath = pathname === path ? undefined : pathname
      if (otherPath !== undefined && !hook.mayBeOkta({ headers: headersOf(request) })) end(404)
      else void answerRequest({ request, response, body, waitedMs, otherPath }, answering)
    } else if (pathname === path) end(405, { allow: 'POST' })
    else if (pathname === keySetPath) void publish()
    else if (pathname !== '/healthz' && pathname !== '/readyz') end(404)
    else if (!isRead) end(405, { allow: 'GET, HEAD' })
    else if (pathname === '/readyz') end(isReady() ? 200 : 503)
    else end(200, { 'content-type': 'application/json' }, method === 'HEAD' ? '' : revision)
  }

  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      // Node would answer a request without Host itself, with 400.
      requireHostHeader: false,
      requestTimeout: slowSenderMs + hook.limits.deadlineMs,
      // How often the two above are looked at; by default they could take another half minute.
      connectionsCheckingInterval: lookEveryMs,
      // Longer than what load balancers keep idle connections, so that they close first.
      keepAliveTimeout: 65_000,
      // What may wait of a body while its sender is not known yet.
      highWaterMark: 16_384,
    },
    route,
  )
  server.on('connection', (connection) => {
    connections.opened(connection)
    eventLoop?.connectionTaken(connection)
  })
  server.on(
    'clientError',
    answerUnreadable({
      refuse: (denial) => hook.refuse(denial),
      connections,
      clock,
      closeAfterMs: slowSenderMs,
    }),
  )
  // Node would ask for the body before anybody knows whose it is.
  server.on('checkContinue', route)
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
    await pause(clock, drainDelayMs)
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    const cancel = clock.schedule(() => server.closeAllConnections(), drainTimeoutMs)
    await closed
    cancel()
    eventLoop?.stop()
    clearInterval(looking)
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

function originOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server listens on no port')
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}
