/** What a verifier of API A's callers is given of a request. */
export interface CallerRequest {
  readonly method: string
  /** The request's target as the caller sent it: a path with query, or a URL. */
  readonly url: string
  /** All values of a header, by its lower-case name; none when it is absent. */
  readonly header: (name: 'authorization' | 'dpop') => readonly string[]
  /** The framework's own object for the request, the same for every guard that looks at it. */
  readonly origin: object
}

/** How a refused caller is to be answered: without a body. */
export interface CallerRefusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Why, for API A's log; not for the caller. */
  readonly error?: Error
}

/** What a verifier makes of a caller: the token that it has verified, or how to refuse it. */
export type CallerAuthorization =
  | { readonly ok: true; readonly access: { readonly token: string } }
  | { readonly ok: false; readonly refusal: CallerRefusal }

/**
 * Verifies API A's callers before Okta is asked for anything: `createVerifier({ accept: ['user'], … })` of
 * `@behalf/verify`, or anything else that answers so.
 */
export interface CallerVerifier {
  authorize(request: CallerRequest): Promise<CallerAuthorization>
}
