import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Answer, secret } from './okta.ts'

/** The bytes of a request to the hook. */
export function requestBytes(body: string): Buffer {
  const head = [
    'POST /inline-hook HTTP/1.1',
    'host: hook',
    `authorization: ${secret}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** A connection that costs the sender next to nothing, so that what is measured is the hook. */
export class Connection {
  readonly #socket: Socket
  #sentAt = 0
  #text = ''
  #settle: ((answer: Answer & { readonly elapsedMs: number }) => void) | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => this.#receive(String(chunk)))
    // A connection that is cut off counts as one without an answer.
    socket.on('error', () => undefined)
  }

  static async open(origin: string): Promise<Connection> {
    const { hostname, port } = new URL(origin)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    return new Connection(socket)
  }

  /** Whether it waits for an answer, or will never get one again. */
  get busy(): boolean {
    return this.#settle !== undefined || this.#socket.destroyed
  }

  /** Sends a request; the answer is handed over when it is there. */
  send(request: Buffer, settle: (answer: Answer & { readonly elapsedMs: number }) => void): void {
    this.#settle = settle
    this.#sentAt = performance.now()
    this.#socket.write(request)
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(chunk: string): void {
    this.#text += chunk
    const end = this.#text.indexOf('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(this.#text)?.[1])
    if (end === -1 || this.#text.length < end + 4 + length) return
    const answer = {
      status: Number(this.#text.slice(9, 12)),
      body: this.#text.slice(end + 4),
      elapsedMs: performance.now() - this.#sentAt,
    }
    const settle = this.#settle
    this.#text = ''
    this.#settle = undefined
    settle?.(answer)
  }
}
