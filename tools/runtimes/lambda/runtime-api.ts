import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

/** How an invocation ended. */
export type Invocation =
  | { readonly kind: 'response'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: unknown }

interface Waiting {
  readonly id: string
  readonly event: string
  readonly settle: (invocation: Invocation) => void
}

/**
 * The side of the Lambda service that a function's process talks to: hands out events one at a time and takes
 * results.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi implements AsyncDisposable {
  readonly #server: Server
  readonly #queue: Waiting[] = []
  readonly #running = new Map<string, Waiting>()
  #next: ServerResponse | undefined
  /** Settled by the first of: the process asks for an event, it reports that its initialisation failed. */
  readonly initialised: PromiseWithResolvers<Invocation> = Promise.withResolvers()

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<RuntimeApi> {
    const server = createServer((request, response) => void api.#route(request, response))
    const api = new RuntimeApi(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return api
  }

  /** The value of `AWS_LAMBDA_RUNTIME_API`. */
  get address(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the runtime API has no port')
    return `127.0.0.1:${address.port}`
  }

  /** Has an event handled. */
  invoke(event: unknown): Promise<Invocation> {
    return new Promise((settle) => {
      this.#queue.push({ id: randomUUID(), event: JSON.stringify(event) ?? 'null', settle })
      this.#handOut()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(/^\/2018-06-01\/runtime\//, '')
    if (request.method === 'GET' && path === 'invocation/next') {
      this.initialised.resolve({ kind: 'response', result: undefined })
      this.#next = response
      this.#handOut()
      return
    }
    const body: unknown = JSON.parse((await readAll(request)) || 'null')
    if (path === 'init/error') this.initialised.resolve({ kind: 'error', error: body })
    const ended = /^invocation\/([^/]+)\/(response|error)$/.exec(path)
    if (ended !== null) this.#end(ended[1] ?? '', ended[2] === 'response', body)
    response.writeHead(202).end()
  }

  #handOut(): void {
    const response = this.#next
    if (response === undefined) return
    const waiting = this.#queue.shift()
    if (waiting === undefined) return
    this.#next = undefined
    this.#running.set(waiting.id, waiting)
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': waiting.id,
        'lambda-runtime-deadline-ms': String(Date.now() + 3_000),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-central-1:123456789012:function:behalf',
        'lambda-runtime-trace-id': 'Root=1-67891233-abcdef012345678912345678;Sampled=0',
      })
      .end(waiting.event)
  }

  #end(id: string, succeeded: boolean, body: unknown): void {
    this.#running
      .get(id)
      ?.settle(succeeded ? { kind: 'response', result: body } : { kind: 'error', error: body })
    this.#running.delete(id)
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
