import { Buffer } from 'node:buffer'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Clock } from '@behalf/core'
import { pause, TurnEnd, version } from '@behalf/core/internal'
import type { HttpAnswer, HttpCall } from '../http/call.ts'
import { fromNode } from './node-call.ts'

/** The certificates of a server. */
export interface ServerTls {
  /** The certificate with its chain, PEM. */
  readonly cert: string | Uint8Array
  /** Its private key, PEM. */
  readonly key: string | Uint8Array
  /** The authorities whose certificates authenticate callers, PEM. Default none, and callers have none. */
  readonly clientCa?: string | Uint8Array
}

/** What a server does. */
export interface ServerParts {
  /** Answers a request by its path; undefined when nothing is there. */
  readonly answer: (path: string, call: HttpCall) => Promise<HttpAnswer> | undefined
  /** Whether requests can be answered; asked again and again until it is so. */
  readonly isReady: () => boolean
  readonly port: number
  readonly host: string
  readonly tls: ServerTls | undefined
  readonly drainDelayMs: number
  readonly drainTimeoutMs: number
  readonly clock: Clock
}

/** A server that is listening. */
export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:8081`. */
  readonly origin: string
  readonly server: Server
  /**
   * Stops without losing a request: `/readyz` turns to 503 at once while requests are still served; after `drainDelayMs` no
   * new connection is taken, what is under way is finished, and what does not finish within `drainTimeoutMs` is cut off.
   * Resolves when the last connection is gone.
   */
  stop(): Promise<void>
}

const limits = {
  /** Tokens and what proxies add to them; Node's own limit is as long as the longest token. */
  maxHeaderSize: 32_768,
  headersTimeout: 5_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
  // Longer than what proxies keep idle connections, so that they close first.
  keepAliveTimeout: 65_000,
} as const

/**
 * Serves with Node's own server: what `answer` knows, `GET /healthz` (200 while it runs, with the version) and `GET /readyz`.
 *
 * @throws the server's error when it cannot listen, e.g. `EADDRINUSE`
 */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { answer, clock, tls } = parts
  const turnEnd = new TurnEnd(clock)
  let wasReady = false
  let stopped: Promise<void> | undefined
  const isReady = (): boolean => {
    wasReady ||= parts.isReady()
    return wasReady && stopped === undefined
  }

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    turnEnd.moreInput()
    const [path = ''] = (request.url ?? '').split('?', 1)
    const { status, headers, body } = await (answer(path, fromNode(request, turnEnd)) ??
      answerProbe(path, request.method, isReady))
    if (!request.complete || stopped !== undefined) response.setHeader('connection', 'close')
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
  }
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    // Every answer of ours is a value; what is thrown has no answer, and the caller must not wait for one.
    route(request, response).catch((error: Error) => response.destroy(error))
  }
  const server: Server =
    tls === undefined
      ? createServer(limits, listener)
      : createTlsServer(
          {
            ...limits,
            cert: Buffer.from(tls.cert),
            key: Buffer.from(tls.key),
            minVersion: 'TLSv1.2',
            // Without a certificate there is still `/healthz`, for those who have none; the rest looks at it itself.
            ...(tls.clientCa === undefined
              ? {}
              : { ca: Buffer.from(tls.clientCa), requestCert: true, rejectUnauthorized: false }),
          },
          listener,
        )
  // Some releases of Node drop what is over their count in silence, and what is not seen here cannot be refused.
  server.maxHeadersCount = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: parts.port, host: parts.host, backlog: 4_096 }, () => {
      server.off('error', reject)
      resolve()
    })
  })

  const stop = async (): Promise<void> => {
    await pause(clock, parts.drainDelayMs)
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    const cancel = clock.schedule(() => server.closeAllConnections(), parts.drainTimeoutMs)
    await closed
    cancel()
  }
  return {
    origin: originOf(server, tls === undefined ? 'http' : 'https'),
    server,
    stop() {
      stopped ??= stop()
      return stopped
    },
  }
}

async function answerProbe(
  path: string,
  method: string | undefined,
  isReady: () => boolean,
): Promise<HttpAnswer> {
  const answer = (status: number, headers: Readonly<Record<string, string>> = {}, body = '') => ({
    status,
    headers,
    body: method === 'HEAD' ? '' : body,
  })
  if (path !== '/healthz' && path !== '/readyz') return answer(404)
  if (method !== 'GET' && method !== 'HEAD') return answer(405, { allow: 'GET, HEAD' })
  if (path === '/readyz') return answer(isReady() ? 200 : 503)
  return answer(200, { 'content-type': 'application/json' }, JSON.stringify({ version }))
}

function originOf(server: Server, scheme: string): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server listens on no port')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `${scheme}://${host}:${address.port}`
}
