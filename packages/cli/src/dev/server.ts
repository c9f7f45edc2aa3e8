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

/**
 * Serves JSON on loopback, to programs on this machine: a request for another host, as after DNS rebinding, and one
 * that a page of another origin sends are refused. What the handler throws is a 500 that tells nothing.
 */
export async function startService(
  port: number,
  handle: (request: IncomingMessage, url: URL) => Promise<Reply>,
  onFault: (error: unknown) => void,
): Promise<Service> {
  let hosts: readonly string[] = []
  const server = createServer(async (request, response) => {
    const {
      status,
      body,
      headers = {},
    } = await answer(request, hosts, handle).catch((error: unknown): Reply => {
      onFault(error)
      return { status: 500, body: { error: 'internal_error' } }
    })
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(`${JSON.stringify(body, null, 2)}\n`)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the service listens on no port')
  hosts = [`127.0.0.1:${address.port}`, `localhost:${address.port}`]
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  request: IncomingMessage,
  hosts: readonly string[],
  handle: (request: IncomingMessage, url: URL) => Promise<Reply>,
): Promise<Reply> {
  const { host = '', origin } = request.headers
  if (!hosts.includes(host.toLowerCase()))
    return { status: 403, body: { error: 'another host was asked for' } }
  if (origin !== undefined && !hosts.some((own) => origin === `http://${own}`))
    return { status: 403, body: { error: 'pages of other origins may not ask' } }
  // `//`, or an absolute URL, is no path of this service.
  const url = /^\/(?![/\\])/.test(request.url ?? '') ? URL.parse(request.url ?? '', 'http://localhost') : null
  return url === null ? { status: 404, body: { error: 'there is nothing here' } } : handle(request, url)
}
