import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type LoopbackServer, listen } from './loopback-server.ts'
import { generateSigningKey, type LooseObject, type SigningKey, signJwt } from './signing-key.ts'

/** How an endpoint of the test issuer answers; a function takes the response over. */
export type Answer =
  | { readonly status?: number; readonly body?: unknown }
  | ((response: ServerResponse) => void)

/**
 * An authorization server's public face on loopback: metadata and keys, both replaceable at any time,
 * and a count of what was asked for.
 */
export class TestIssuer implements AsyncDisposable {
  readonly #server: LoopbackServer
  /** The issuer identifier, shaped as Okta's: `http://127.0.0.1:<port>/oauth2/default`. */
  readonly issuer: string
  /** What signs; the first one is used unless a token names another. */
  keys: SigningKey[]
  /** What the keys endpoint answers; the public halves of `keys` when undefined. */
  keysAnswer: Answer | undefined
  /** What the metadata endpoint answers; the right metadata when undefined. */
  metadataAnswer: Answer | undefined
  /** How often each path was asked for. */
  readonly requests: Map<string, number> = new Map()
  /** Told when a call has come in that its caller has numbered. */
  onHold: (() => void) | undefined
  /** The answers to calls that their callers have numbered. */
  readonly #numbered = new Map<string, ServerResponse>()

  private constructor(
    server: LoopbackServer,
    keys: SigningKey[],
    setHandler: (handle: RequestListener) => void,
  ) {
    this.#server = server
    this.issuer = `${server.origin}/oauth2/default`
    this.keys = keys
    setHandler((request, response) => {
      this.#hold(request, response)
      this.#handle(request.url ?? '', response)
    })
  }

  /** @param keys - generated unless given; tests that start many issuers share one */
  static async start(keys: SigningKey[] = [generateSigningKey()]): Promise<TestIssuer> {
    let handle: RequestListener = () => undefined
    const server = await listen((request, response) => handle(request, response))
    return new TestIssuer(server, keys, (handler) => {
      handle = handler
    })
  }

  /** The key that signs. */
  get key(): SigningKey {
    const [first] = this.keys
    if (first === undefined) throw new Error('the test issuer has no key')
    return first
  }

  /** How often the keys were fetched. */
  get keyFetches(): number {
    return this.requests.get('/oauth2/default/v1/keys') ?? 0
  }

  /** Signs claims as they are, with `iss` unless they have one. */
  sign(claims: LooseObject, header: LooseObject = {}): string {
    return signJwt(this.key, { iss: this.issuer, ...claims }, header)
  }

  /** Whether a call that its caller has numbered has come in and is not answered. */
  holds(call: string): boolean {
    const response = this.#numbered.get(call)
    return response !== undefined && !response.writableEnded && !response.destroyed
  }

  async close(): Promise<void> {
    await this.#server.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #hold({ headers }: IncomingMessage, response: ServerResponse): void {
    const call = headers['x-call']
    if (typeof call !== 'string') return
    this.#numbered.set(call, response)
    this.onHold?.()
  }

  #handle(path: string, response: ServerResponse): void {
    this.requests.set(path, (this.requests.get(path) ?? 0) + 1)
    const metadata = { issuer: this.issuer, jwks_uri: `${this.issuer}/v1/keys` }
    if (path === '/oauth2/default/v1/keys') {
      answer(response, this.keysAnswer ?? { body: { keys: this.keys.map(({ jwk }) => jwk) } })
    } else if (path.startsWith('/oauth2/default/.well-known/')) {
      answer(response, this.metadataAnswer ?? { body: metadata })
    } else {
      answer(response, { status: 404 })
    }
  }
}

function answer(response: ServerResponse, how: Answer): void {
  if (typeof how === 'function') {
    how(response)
    return
  }
  const body = typeof how.body === 'string' ? how.body : JSON.stringify(how.body ?? {})
  response.writeHead(how.status ?? 200, { 'content-type': 'application/json' }).end(body)
}
