import { createServer, type RequestListener, type Server } from 'node:http'

/** An HTTP server on loopback that lives as long as a test. */
export interface LoopbackServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  readonly server: Server
  /** Stops at once, open connections included. */
  close(): Promise<void>
}

/** Serves on a free port of loopback. */
export async function listen(listener: RequestListener): Promise<LoopbackServer> {
  const server = createServer(listener)
  // A busy test must not use a connection again in the moment that it is closed for having been idle.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { origin: `http://127.0.0.1:${address.port}`, server, close, [Symbol.asyncDispose]: close }
}
