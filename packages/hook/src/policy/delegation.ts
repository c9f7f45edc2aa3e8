import type { Actor, JsonObject } from '@behalf/core'

/**
 * The question that a policy answers: may the client act for the subject towards the resource with these
 * scopes? Every value but the request's has been verified.
 */
export interface Delegation {
  /** The client that wants to act: API A. */
  readonly client: { readonly id: string; readonly name?: string | undefined }
  /** The user, as the assertion names them. */
  readonly subject: {
    readonly issuer: string
    readonly id: string
    /** All claims of the assertion. */
    readonly claims: JsonObject
  }
  /** Where the delegated token will be accepted. */
  readonly resource: {
    /** The `aud` of the token being minted; undefined when it has none. About a list of them no policy is asked. */
    readonly audience?: string | undefined
    /** The issuer of the token being minted. */
    readonly authorizationServer?: string | undefined
  }
  /** The scopes that the token will carry. */
  readonly scopes: readonly string[]
  /** All actors of the token being minted: the client first, then those who acted before it. */
  readonly actors: readonly Actor[]
  readonly request: {
    /** Okta's id of the token request. */
    readonly id?: string | undefined
    /**
     * The address that the token request came from, as Okta saw it: IPv4 in dotted decimal whichever way it was
     * spelled, IPv6 as RFC 5952 writes it. Undefined when the event names none.
     */
    readonly ipAddress?: string | undefined
    /** When the decision is made, in milliseconds since the epoch. */
    readonly timeMs: number
  }
}
