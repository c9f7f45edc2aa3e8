import type { Actor, Denial, JsonObject, Result } from '@behalf/core'
import type { ClientConfig } from '../config/clients.ts'
import type { TokenHookEvent } from '../okta/event.ts'
import type { Permit } from '../policy/decision.ts'
import type { BodySpace } from './body-space.ts'

/** The headers of a request; a `Map` will do. */
export interface Headers {
  /** Every value that was sent under a name, in order. @param name - in lower case */
  get(name: string): readonly string[] | undefined
}

/**
 * Reads a body, or says why it could not be read. It is asked at most once, and only when the caller is known; it neither
 * throws nor rejects.
 */
export type BodyReader = (space: BodySpace) => Result<string, Denial> | Promise<Result<string, Denial>>

/** A request as it arrives. */
export interface Arrival {
  readonly headers: Headers
  readonly body: string | BodyReader
  /**
   * Asked when the body was read: whether the request has waited for so long that to decide about it would only make
   * others late, too. Never by default.
   */
  readonly isOverdue?: (() => boolean) | undefined
  /** The path that it came to, when that is another than the hook's; then it is denied. */
  readonly otherPath?: string | undefined
}

/** After the body has come in. */
export interface Received extends Arrival {
  readonly body: string
}

/** After the request was parsed. */
export interface Requested extends Received {
  readonly event: TokenHookEvent
}

/** After the event was recognised as an exchange. */
export interface Recognised extends Requested {
  /** The client that asks, on which all places of the event agree. */
  readonly clientId: string
}

/** After the assertion was found in the URL. */
export interface Presented extends Recognised {
  readonly assertionToken: string
}

/** A user's access token that holds. */
export interface Assertion {
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
  /** Seconds since the epoch; for an assertion that is a delegated token itself, the end of what it was made from when that is earlier. */
  readonly expiresAt: number
  readonly claims: JsonObject
}

/** After the assertion was verified. */
export interface Verified extends Presented {
  readonly assertion: Assertion
}

/** After the client was found to be one that may present this assertion. */
export interface Bound extends Verified {
  readonly binding: ClientConfig
}

/** After the actor chain was extended by the client. */
export interface Chained extends Bound {
  readonly actor: Actor
}

/** After the policy permitted it. */
export interface Permitted extends Chained {
  readonly permit: Permit
}

/** After the commands were built and found applicable. */
export interface Commanded extends Permitted {
  /** As JSON, because their size counts and JSON is what is answered. */
  readonly commands: string
}
