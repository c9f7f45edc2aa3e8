import type { Result } from '@behalf/core'

/** Why a body was not read. */
export type BodyFault = 'too large' | 'not UTF-8' | 'broken off'

/** A request, whatever runtime it came through. */
export interface HttpCall {
  readonly method: string
  /** Path and query. */
  readonly target: string
  /** Whether the runtime may have rewritten the target, as `URL` does away with dots. */
  readonly isRewritten: boolean
  /** Every host that the request names: in its header, and in its URL where there is one. */
  readonly hosts: readonly string[]
  /** The names of all headers, in lower case. */
  readonly headerNames: () => readonly string[]
  /** All values of a header, by its lower-case name; none when it is absent. */
  readonly header: (name: string) => readonly string[]
  /** Reads the body, of so many bytes at most. */
  readonly readBody: (maxBytes: number) => Promise<Result<string, BodyFault>>
  /** Whether TLS has authenticated the caller by a certificate that is trusted for it. */
  readonly isCertified: boolean
  /** The runtime's own object for the request. */
  readonly origin: object
}

/** How a request is answered. */
export interface HttpAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
