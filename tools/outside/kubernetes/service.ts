import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * A service as kube-proxy is one: each new connection goes to one of the endpoints, in turn, and stays there. What becomes of
 * endpoints it learns late, as the machines of a cluster do.
 */
export class Service implements AsyncDisposable {
  readonly origin: string
  readonly #server: Server
  readonly #lagMs: number
  readonly #sockets = new Set<Socket>()
  #ports: readonly number[] = []
  #next = 0

  private constructor(server: Server, lagMs: number) {
    this.#server = server
    this.#lagMs = lagMs
    const address: AddressInfo | string | null = server.address()
    if (address === null || typeof address === 'string') throw new Error('it listens on no port')
    this.origin = `http://127.0.0.1:${address.port}`
    server.on('connection', (socket) => this.#forward(socket))
  }

  static async start(lagMs: number): Promise<Service> {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Service(server, lagMs)
  }

  /** Has the endpoints, from `lagMs` on. */
  setEndpoints(ports: readonly number[]): void {
    setTimeout(() => {
      this.#ports = ports
    }, this.#lagMs)
  }

  #forward(socket: Socket): void {
    const port = this.#ports[this.#next++ % this.#ports.length]
    if (port === undefined) return void socket.resetAndDestroy()
    const upstream = connect(port, '127.0.0.1')
    for (const one of [socket, upstream]) {
      this.#sockets.add(one)
      one.once('close', () => this.#sockets.delete(one))
    }
    // A connection that is refused or reset there is so here, too.
    upstream.on('error', () => socket.resetAndDestroy())
    socket.on('error', () => upstream.resetAndDestroy())
    socket.pipe(upstream).pipe(socket)
    socket.resume()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
