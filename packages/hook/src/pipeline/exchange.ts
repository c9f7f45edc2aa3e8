import type { Actor, Denial, Json, JsonObject, Result } from '@behalf/core'
import type { ResolvedClient } from '../config/clients.ts'
import type { ResolvedResource } from '../config/resources.ts'
import type { TokenHookEvent } from '../okta/event.ts'
import type { Permit } from '../policy/decision.ts'
import type { OpenedSeal } from '../sealing/sealing.ts'
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

/** After the assertion was found in the URL, sealed or bare. */
export interface Presented extends Recognised {
  readonly assertionToken: string
}

/** After the assertion was taken out of its seal. */
export interface Opened extends Presented {
  /** Undefined when it came bare. */
  readonly seal: OpenedSeal | undefined
}

/** An API that the token can be for. */
export interface Resource extends ResolvedResource {
  readonly audience: string
}

/** After it was decided which API the token is for; undefined where no resources are configured. */
export interface Targeted extends Opened {
  readonly resource: Resource | undefined
}

/**
 * An access token that holds, and the user that it proves. Whatever hop it is, issuer, subject and claims are those of the
 * first token of the chain: who vouched for the user decides, and not who has passed the token on.
 */
export interface Assertion {
  /** Who vouched for the user. */
  readonly issuer: string
  /** The user, as that issuer names them. */
  readonly subject: string
  /** The user, as `sub` of delegated tokens does. */
  readonly mappedSubject: string
  /** Those of the trusted audiences that the presented token is for. */
  readonly audiences: readonly string[]
  /** When the delegation ends at the latest, in seconds since the epoch. */
  readonly expiresAt: number
  /** The user's own token's, or what of them the chain conserves. */
  readonly claims: JsonObject
  /** Whether they are the user's own token's, of which is still to be selected what the chain conserves. */
  readonly isOwn: boolean
  /** What identifies the user for good in them. */
  readonly stableClaims: readonly string[]
  /** Whose people the issuer vouches for, where that is stated. */
  readonly org: string | undefined
  /** What is the presented token's own. */
  readonly presented: PresentedToken
}

/** The token that the client holds, whichever hop it is from. */
export interface PresentedToken {
  readonly issuer: string
  /** Its `jti`. */
  readonly id: Json | undefined
  readonly scopes: readonly string[]
  /** Its own `may_act`; that of the first token counts besides. */
  readonly mayAct: Json | undefined
  /** Who acts in it; undefined in a user's own. */
  readonly actor: Actor | undefined
}

/** After the assertion was verified. */
export interface Verified extends Targeted {
  readonly assertion: Assertion
}

/** After the client was found to be one that may present this assertion. */
export interface Bound extends Verified {
  readonly binding: ResolvedClient
}

/** After the actor chain was extended by the client. */
export interface Chained extends Bound {
  readonly actor: Actor
  /** Set when nobody could say whether the user was cut off, and that is permitted. */
  readonly standing?: 'unknown'
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
