import type { ServerResponse } from 'node:http'

/** What came of the call to an inline hook; `failed` leaves the plain token. */
export type HookOutcome =
  | { readonly kind: 'applied' | 'unchanged' }
  | { readonly kind: 'denied' | 'failed'; readonly reason: string }

/** What a token request was about. */
export interface TokenRequestNote {
  readonly clientId: string
  readonly grantType: string
  /** Who signed in; absent for machines. */
  readonly login?: string
  /** Absent when no hook was called. */
  readonly hook?: HookOutcome
}

/** A request that was answered. */
export interface ServedRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly status: number
  readonly durationMs: number
  /** Only of token requests whose client is known. */
  readonly token?: TokenRequestNote
}

/** What is known of requests while they are answered. */
export class RequestNotes {
  readonly #notes = new WeakMap<ServerResponse, TokenRequestNote>()

  /** Notes what a token request is about. */
  add(response: ServerResponse, note: TokenRequestNote): void {
    this.#notes.set(response, note)
  }

  /** Tells the observer once the answer has been sent; a fault of the observer ends nothing. */
  observe(response: ServerResponse, observer: (served: ServedRequest) => void): void {
    const { method = 'GET', url = '/' } = response.req
    const path = url.split('?', 1)[0] ?? '/'
    const start = performance.now()
    response.on('finish', () => {
      const token = this.#notes.get(response)
      const durationMs = Math.round(performance.now() - start)
      const served = { method, path, status: response.statusCode, durationMs }
      try {
        observer(token === undefined ? served : { ...served, token })
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error))
      }
    })
  }
}
