import { createServer, type IncomingMessage } from 'node:http'

/** What a service answers with: a status and JSON. */
export interface Reply {
  readonly status: number
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

/** A small service on loopback. */
export interface Service {
  readonly origin: string
  stop(): Promise<void>
}

/** Serves JSON on loopback; what the handler throws is a 500 that tells nothing. */
export async function startService(
  port: number,
  handle: (request: IncomingMessage, url: URL) => Promise<Reply>,
  onFault: (error: unknown) => void,
): Promise<Service> {
  const server = createServer((request, response) => {
    void handle(request, new URL(request.url ?? '/', 'http://localhost'))
      .catch((error: unknown): Reply => {
        onFault(error)
        return { status: 500, body: { error: 'internal_error' } }
      })
      .then(({ status, body, headers = {} }) => {
        response
          .writeHead(status, { 'content-type': 'application/json', ...headers })
          .end(`${JSON.stringify(body, null, 2)}\n`)
      })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the service listens on no port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
