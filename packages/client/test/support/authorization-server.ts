import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import {
  delegatedClaims,
  generateSigningKey,
  type LoopbackServer,
  type LooseObject,
  listen,
  type ManualClock,
  type SigningKey,
  signJwt,
  userClaims,
} from '@behalf/testing'

/** A token request as it arrived. */
export interface ReceivedRequest {
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly form: URLSearchParams
}

/** How a token request is answered; a function takes the response over. */
export type TokenAnswer =
  | { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | ((response: ServerResponse, request: ReceivedRequest) => void)

/**
 * Okta's side as the client sees it, on loopback: metadata, and a token endpoint whose hook turns any
 * assertion into a delegated token unless the next answer is queued.
 */
export class AuthorizationServer implements AsyncDisposable {
  readonly #server: LoopbackServer
  readonly #clock: ManualClock
  // Deterministic, so that the same claims make the same token.
  readonly #key: SigningKey = generateSigningKey('key-1', 'EdDSA')
  readonly issuer: string
  readonly tokenRequests: ReceivedRequest[] = []
  metadataRequests = 0
  /** What the next token requests get, one each; delegated tokens when there are no more. */
  readonly nextAnswers: TokenAnswer[] = []
  /** What the metadata says instead. */
  metadata: unknown
  /** Claims to add to the delegated tokens, or to replace. */
  claims: LooseObject = {}
  /** What `aud` of the delegated tokens is. */
  audience: (request: ReceivedRequest) => unknown = () => 'api://b'
  /** What the hook makes of the query's `assertion` before it delegates. */
  unseal: (assertion: string) => Promise<string> = async (assertion) => assertion
  #issued = 0

  private constructor(server: LoopbackServer, clock: ManualClock) {
    this.#server = server
    this.#clock = clock
    this.issuer = `${server.origin}/oauth2/default`
    server.server.on('request', (request, response) => void this.#handle(request, response))
  }

  static async start(clock: ManualClock): Promise<AuthorizationServer> {
    return new AuthorizationServer(await listen(() => undefined), clock)
  }

  /** A user's access token, signed by nobody in particular: the client does not verify it. */
  userToken(overrides: LooseObject = {}): string {
    const claims = userClaims(this.#clock.seconds, { iss: 'https://users.example', ...overrides })
    return signJwt(this.#key, claims)
  }

  /** The token that the hook makes of an assertion. */
  delegate(
    assertion: string,
    clientId: string,
    scopes: readonly string[],
    overrides: LooseObject = {},
  ): string {
    const origin = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString())
    return this.sign({
      jti: `AT.${this.#issued++}`,
      cid: clientId,
      scp: scopes,
      sub: origin.sub,
      act: { sub: clientId, sub_profile: 'service', ...(origin.act ? { act: origin.act } : {}) },
      assertion: { iss: origin.iss, sub: origin.sub, exp: origin.exp, jti: origin.jti },
      ...overrides,
    })
  }

  /** Signs a delegated token as it is. */
  sign(claims: LooseObject): string {
    return signJwt(this.#key, delegatedClaims(this.#clock.seconds, { iss: this.issuer, ...claims }))
  }

  async close(): Promise<void> {
    await this.#server.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.issuer)
    if (url.pathname.includes('/.well-known/')) {
      this.metadataRequests++
      const metadata = { issuer: this.issuer, token_endpoint: `${this.issuer}/v1/token` }
      reply(response, 200, this.metadata ?? metadata)
      return
    }
    if (url.pathname.endsWith('/v1/keys')) {
      reply(response, 200, { keys: [this.#key.jwk] })
      return
    }
    const received = {
      path: `${request.method} ${url.pathname}`,
      query: url.searchParams,
      headers: request.headers,
      form: new URLSearchParams(await text(request)),
    }
    this.tokenRequests.push(received)
    const answer = this.nextAnswers.shift()
    if (typeof answer === 'function') answer(response, received)
    else if (answer !== undefined) reply(response, answer.status, answer.body, answer.headers)
    else reply(response, 200, await this.#issue(received))
  }

  async #issue(request: ReceivedRequest): Promise<unknown> {
    const { query, form, headers } = request
    const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
    const claims = { aud: this.audience(request), ...this.claims }
    const assertion = await this.unseal(query.get('assertion') ?? '')
    return {
      access_token: this.delegate(assertion, clientOf(headers, form), scopes, claims),
      token_type: headers['dpop'] === undefined ? 'Bearer' : 'DPoP',
      expires_in: 300,
      scope: scopes.join(' '),
    }
  }
}

export function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

function clientOf(headers: IncomingHttpHeaders, form: URLSearchParams): string {
  const [, credentials = ''] = (headers.authorization ?? '').split(' ')
  const [fromHeader = ''] = Buffer.from(credentials, 'base64').toString().split(':')
  return form.get('client_id') ?? decodeURIComponent(fromHeader)
}
