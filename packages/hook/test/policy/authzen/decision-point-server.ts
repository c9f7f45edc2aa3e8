import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LooseObject } from '@behalf/testing'
import { type LoopbackServer, listen } from '@behalf/testing'

/** A request that the server got. */
export interface Received {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: LooseObject
}

/** How the server answers an evaluation: with a body as JSON, or by a function that takes the response over. */
export type EvaluationAnswer = LooseObject | string | ((response: ServerResponse, received: Received) => void)

/** A decision point on loopback that speaks AuthZEN, and misbehaves when told to. */
export class DecisionPointServer implements AsyncDisposable {
  readonly #server: LoopbackServer
  readonly received: Received[] = []
  readonly metadataRequests: string[] = []
  /** Calls back when an evaluation has arrived. */
  onReceived: () => void = () => undefined
  answer: EvaluationAnswer = { decision: true }
  metadata: (LooseObject & { status?: number }) | undefined

  private constructor(server: LoopbackServer) {
    this.#server = server
  }

  static async start(): Promise<DecisionPointServer> {
    let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined
    const server = await listen((request, response) => handle(request, response))
    const point = new DecisionPointServer(server)
    handle = (request, response) => point.#handle(request, response)
    return point
  }

  get pdp(): string {
    return this.#server.origin
  }

  /** Closes every connection and listens no more. */
  async close(): Promise<void> {
    await this.#server.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Resolves when the next evaluation has arrived. */
  nextReceived(): Promise<void> {
    return new Promise((resolve) => {
      this.onReceived = resolve
    })
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    if (path.startsWith('/.well-known/')) {
      this.metadataRequests.push(path)
      const { status = 200, ...metadata } = this.metadata ?? {
        policy_decision_point: this.pdp,
        access_evaluation_endpoint: `${this.pdp}/evaluate`,
      }
      response.writeHead(status).end(JSON.stringify(metadata))
      return
    }
    let text = ''
    for await (const chunk of request) text += chunk
    const received = { path, headers: request.headers, body: JSON.parse(text) }
    this.received.push(received)
    this.onReceived()
    if (typeof this.answer === 'function') this.answer(response, received)
    else
      response.writeHead(200).end(typeof this.answer === 'string' ? this.answer : JSON.stringify(this.answer))
  }
}
